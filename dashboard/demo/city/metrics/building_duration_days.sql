/* ---
label          = "Dauer vom Eingang bis zur Entscheidung (Median)"
short          = "Dauer ab Eingang"
number         = "BAU-03"
question       = "Wie lange dauert ein Bauantrag vom ersten Eingang bis zur Entscheidung?"
kind           = "quantile"
quantile       = 0.5
population     = "bauantrag"
unit           = "days"
better         = "lower"
over_time      = "sum"
window_months  = 3
dimensions     = ["kind", "org_unit_id"]
scope          = "organisation"
numerator_text = "Kalendertage vom ersten Eingang bis zur Entscheidung, je entschiedenem Bauantrag"
meaning        = "Mittlerer Wert (Median) der Kalendertage vom ersten Eingang bis zur Entscheidung der in den letzten drei vollen Monaten entschiedenen Bauanträge. Die Zeit, in der Unterlagen fehlen, zählt mit."
revised        = 2026-06-09
least_cases    = 5
limits         = "Aus weniger als fünf Anträgen wird kein Median angegeben. Noch offene Anträge sind nicht enthalten; die Bearbeitungsdauer ab vollständigem Antrag ist WIR-01."
--- */
SELECT
    CAST(date_trunc('month', application.decided_on) AS DATE) AS period,
    application.org_unit_id,
    application.kind,
    date_diff('day', application.received_on, application.decided_on) AS bucket,
    count(*) AS n
FROM core.building_application AS application
CROSS JOIN core.run AS run
WHERE application.decided_on <= run.business_date AND application.decided_on >= application.received_on
GROUP BY ALL
