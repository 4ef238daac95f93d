/* ---
label          = "Erfüllungsaufwand in Euro"
short          = "Aufwand (Euro)"
number         = "WIR-14"
question       = "Was kosten die Anträge eines Jahres Verwaltung, Unternehmen und Bürgerschaft?"
kind           = "sum"
population     = "erfuellungsaufwand"
unit           = "eur"
better         = "lower"
over_time      = "sum"
window_months  = 12
dimensions     = ["addressee", "procedure", "channel", "org_unit_id"]
scope          = "organisation"
numerator_text = "Fallzahl × (Zeit × Lohnsatz + Sachkosten), je Verfahren, Kanal und Seite"
meaning        = "Erfüllungsaufwand nach dem Standardkosten-Modell in zwölf Monaten. Lohnsätze sind Parameter der Stadt mit Tag und Quelle; die Zeit der Bürgerinnen und Bürger wird nicht in Euro umgerechnet, ihre Sachkosten zählen."
revised        = 2026-06-09
limits         = "Ohne Lohnsatz oder Zeitwert gibt es keinen Betrag; die Summe sagt dann „unvollständig“. Ein geringerer Aufwand ist keine Einsparung im Haushalt, solange keine Stelle entfällt."

[records]
list = "applications"
--- */
SELECT
    period,
    org_unit_id,
    procedure,
    channel,
    addressee,
    sum(cost_eur) AS numerator,
    CASE WHEN count(cost_eur) < count(*) THEN 'unvollständig' END AS qualifier
FROM mart.effort_month
GROUP BY ALL
