/* ---
label          = "Eingegangene Bauanträge"
short          = "Eingegangen"
number         = "BAU-01"
question       = "Wie viele Bauanträge gehen ein?"
kind           = "sum"
population     = "bauantrag"
unit           = "count"
better         = "none"
over_time      = "sum"
window_months  = 12
dimensions     = ["kind", "org_unit_id"]
scope          = "organisation"
numerator_text = "Im Zeitraum eingegangene Bauanträge"
meaning        = "Zahl der Bauanträge, die in den letzten zwölf vollen Monaten bei der Bauaufsicht eingegangen sind, gleich ob schon vollständig."
revised        = 2026-06-09
limits         = "Voranfragen und Anzeigen zählen nicht mit."
--- */
SELECT
    CAST(date_trunc('month', received_on) AS DATE) AS period,
    org_unit_id,
    kind,
    count(*) AS numerator
FROM core.building_application
GROUP BY ALL
