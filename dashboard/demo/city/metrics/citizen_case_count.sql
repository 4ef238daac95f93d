/* ---
label          = "Fälle im Bürgerservice"
short          = "Fälle"
number         = "BSV-01"
question       = "Wie viele Anliegen kommen im Bürgerservice an, und welche?"
kind           = "sum"
population     = "vorgang_buergerservice"
unit           = "count"
better         = "none"
over_time      = "sum"
window_months  = 12
dimensions     = ["procedure", "channel", "org_unit_id"]
scope          = "organisation"
numerator_text = "Vollständig eingegangene Vorgänge des Bürgerservice im Zeitraum"
meaning        = "Zahl der Vorgänge des Bürgerservice (Melde-, Ausweis-, Urkunden-, Gewerbewesen, Bewohnerparken), die in den letzten zwölf vollen Monaten vollständig eingegangen sind."
revised        = 2026-06-09
limits         = "Auskünfte und Termine ohne Vorgang zählen nicht mit."
--- */
SELECT
    period,
    org_unit_id,
    procedure,
    channel,
    sum(n) AS numerator
FROM mart.case_intake
WHERE procedure IN ('melde', 'ausweis', 'urkunden', 'gewerbe', 'bewohnerparken')
GROUP BY ALL
