/* ---
label            = "Dauer der Stellenbesetzung"
short            = "Stellenbesetzung"
number           = "WIR-05"
question         = "Wie lange dauert es von der Ausschreibung bis zur Zusage?"
kind             = "mean"
population       = "messung"
unit             = "days"
better           = "lower"
over_time        = "sum"
window_months    = 12
dimensions       = ["method"]
scope            = "city"
decimals         = 0
numerator_text   = "Kalendertage von der Ausschreibung bis zur Zusage"
denominator_text = "Besetzte Stellen"
meaning          = "Mittlere Zahl der Kalendertage von der Ausschreibung einer Stelle bis zur Zusage, bei den in den letzten zwölf vollen Monaten besetzten Stellen."
revised          = 2026-01-15
limits           = "Ausschreibungen ohne Besetzung sind nicht enthalten."

[records]
list = "measurements"
where = { indicator = "recruiting_days" }
--- */
SELECT
    CAST(date_trunc('month', month) AS DATE) AS period,
    method,
    sum(value_sum) AS numerator,
    sum(n) AS denominator,
    sum(n) AS n
FROM core.measurement
WHERE indicator = 'recruiting_days' AND n > 0
GROUP BY ALL
