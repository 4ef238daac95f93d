/* ---
label            = "Papierverbrauch je Monat"
short            = "Papierverbrauch"
number           = "WIR-04"
question         = "Wie viel Papier verbraucht die Verwaltung im Monat?"
kind             = "sum"
population       = "messung"
unit             = "sheets"
better           = "lower"
over_time        = "sum"
window_months    = 1
dimensions       = ["method"]
scope            = "city"
numerator_text   = "Verbrauchte Blatt Papier im Monat"
meaning          = "Blatt Papier, die im letzten gemeldeten vollen Monat gedruckt und kopiert wurden."
revised          = 2026-01-15
limits           = "Enthält nur, was die Messung erfasst; extern Gedrucktes gehört in der Regel nicht dazu."

[records]
list = "measurements"
where = { indicator = "paper_sheets" }
--- */
SELECT
    CAST(date_trunc('month', month) AS DATE) AS period,
    method,
    sum(value_sum) AS numerator
FROM core.measurement
WHERE indicator = 'paper_sheets'
GROUP BY ALL
