/* ---
label            = "Digitaler Posteingang im Echtbetrieb"
short            = "Posteingang: Echtbetrieb"
number           = "DMS-03"
question         = "In welchem Anteil der Einheiten kommt die Post digital an?"
kind             = "share"
population       = "dms_einheit"
unit             = "percent"
better           = "higher"
over_time        = "last"
dimensions       = ["org_unit_id", "mail_in_status"]
scope            = "organisation"
decimals         = 1
numerator_text   = "Einheiten mit digitalem Posteingang im Echtbetrieb"
denominator_text = "Alle Einheiten im letzten Monatsbericht zum DMS"
meaning          = "Anteil der Organisationseinheiten, deren zentraler digitaler Posteingang im Echtbetrieb läuft. Planung und Test zählen nicht."
revised          = 2026-06-09
limits           = "Gezählt werden Einheiten, nicht Arbeitsplätze und nicht Briefe. Einheiten ohne Angabe zählen im Nenner: Wer nichts meldet, ist nicht im Echtbetrieb."

[records]
list = "dms_rollout"
--- */
SELECT
    period,
    org_unit_id,
    mail_in_status,
    sum(live) AS numerator,
    sum(units) AS denominator
FROM mart.dms_mail_in
GROUP BY ALL
