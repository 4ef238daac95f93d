/* ---
label          = "Entschiedene Bauanträge"
short          = "Entschieden"
number         = "BAU-02"
question       = "Wie viele Bauanträge werden entschieden?"
kind           = "sum"
population     = "bauantrag"
unit           = "count"
better         = "none"
over_time      = "sum"
window_months  = 12
dimensions     = ["kind", "org_unit_id"]
scope          = "organisation"
numerator_text = "Im Zeitraum entschiedene Bauanträge"
meaning        = "Zahl der Bauanträge, über die in den letzten zwölf vollen Monaten entschieden wurde, gleich mit welchem Ergebnis."
revised        = 2026-06-09
--- */
SELECT
    CAST(date_trunc('month', application.decided_on) AS DATE) AS period,
    application.org_unit_id,
    application.kind,
    count(*) AS numerator
FROM core.building_application AS application
CROSS JOIN core.run AS run
WHERE application.decided_on <= run.business_date
GROUP BY ALL
