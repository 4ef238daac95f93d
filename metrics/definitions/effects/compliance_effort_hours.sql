/* ---
label          = "Erfüllungsaufwand in Stunden"
short          = "Aufwand (Stunden)"
number         = "WIR-13"
question       = "Wie viele Stunden kosten die Anträge eines Jahres?"
kind           = "sum"
population     = "erfuellungsaufwand"
unit           = "hours"
better         = "lower"
over_time      = "sum"
window_months  = 12
dimensions     = ["addressee", "procedure", "channel", "org_unit_id"]
scope          = "organisation"
numerator_text = "Fallzahl × Minuten je Antrag ÷ 60, je Verfahren, Kanal und Seite"
meaning        = "Zeit, die Bürgerinnen und Bürger, Unternehmen und Verwaltung in zwölf Monaten für die gezählten Anträge aufwenden: Fallzahl mal Zeitwert je Kanal."
revised        = 2026-06-09
limits         = "Zeitwerte sind Mittelwerte je Verfahren und Kanal und gelten ab ihrem Tag. Verfahren ohne Zeitwert fehlen; dann steht „unvollständig“ dabei. Die Stunden sind ein Aufwand, keine frei gewordene Stelle."

[records]
list = "applications"
--- */
SELECT
    period,
    org_unit_id,
    procedure,
    channel,
    addressee,
    sum(hours) AS numerator,
    CASE WHEN addressee IS NULL THEN 'unvollständig' END AS qualifier
FROM mart.effort_month
GROUP BY ALL
