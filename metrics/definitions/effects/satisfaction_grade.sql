/* ---
label            = "Zufriedenheit mit Online-Diensten"
short            = "Zufriedenheit"
number           = "WIR-07"
question         = "Welche Schulnote geben die Nutzenden unseren Online-Diensten?"
kind             = "mean"
population       = "messung"
unit             = "grade"
better           = "lower"
over_time        = "sum"
window_months    = 12
dimensions       = ["method"]
scope            = "city"
decimals         = 1
numerator_text   = "Summe der abgegebenen Schulnoten"
denominator_text = "Abgegebene Bewertungen"
meaning          = "Mittlere Schulnote (1 bis 6) aus der freiwilligen Befragung nach dem Antrag, in den letzten zwölf vollen Monaten."
revised          = 2026-01-15
limits           = "Freiwillige Befragung: wer antwortet, ist nicht repräsentativ für alle."

[records]
list = "measurements"
where = { indicator = "satisfaction_grade" }
--- */
SELECT
    CAST(date_trunc('month', month) AS DATE) AS period,
    method,
    sum(value_sum) AS numerator,
    sum(n) AS denominator,
    sum(n) AS n
FROM core.measurement
WHERE indicator = 'satisfaction_grade' AND n > 0
GROUP BY ALL
