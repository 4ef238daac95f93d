/* ---
label            = "Wartezeit im Bürgerservice"
short            = "Wartezeit"
number           = "WIR-03"
question         = "Wie lange warten Bürgerinnen und Bürger im Bürgerservice?"
kind             = "mean"
population       = "messung"
unit             = "minutes"
better           = "lower"
over_time        = "sum"
window_months    = 12
dimensions       = ["method"]
scope            = "city"
decimals         = 0
numerator_text   = "Gemessene Wartezeiten in Minuten"
denominator_text = "Gemessene Wartevorgänge"
meaning          = "Mittlere Wartezeit vom Ziehen der Nummer bis zum Aufruf, in den letzten zwölf vollen Monaten."
revised          = 2026-01-15
limits           = "Ein Mittel verdeckt Spitzen; Termine ohne Wartezeit sind enthalten, soweit sie gemessen wurden."

[records]
list = "measurements"
where = { indicator = "waiting_time_minutes" }
--- */
SELECT
    CAST(date_trunc('month', month) AS DATE) AS period,
    method,
    sum(value_sum) AS numerator,
    sum(n) AS denominator,
    sum(n) AS n
FROM core.measurement
WHERE indicator = 'waiting_time_minutes' AND n > 0
GROUP BY ALL
