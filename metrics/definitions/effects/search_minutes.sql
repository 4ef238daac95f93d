/* ---
label            = "Suchzeit je Vorgang"
short            = "Suchzeit"
number           = "WIR-06"
question         = "Wie lange suchen Mitarbeitende nach Unterlagen?"
kind             = "mean"
population       = "messung"
unit             = "minutes"
better           = "lower"
over_time        = "sum"
window_months    = 12
dimensions       = ["method"]
scope            = "city"
decimals         = 0
numerator_text   = "Erhobene Suchzeiten in Minuten"
denominator_text = "Beobachtete Vorgänge"
meaning          = "Mittlere Zeit, die Mitarbeitende je Vorgang nach Unterlagen suchen, aus Stichproben der letzten zwölf vollen Monate."
revised          = 2026-01-15
limits           = "Stichprobe, keine Vollerhebung; keine Auswertung nach Personen."

[records]
list = "measurements"
where = { indicator = "search_minutes" }
--- */
SELECT
    CAST(date_trunc('month', month) AS DATE) AS period,
    method,
    sum(value_sum) AS numerator,
    sum(n) AS denominator,
    sum(n) AS n
FROM core.measurement
WHERE indicator = 'search_minutes' AND n > 0
GROUP BY ALL
