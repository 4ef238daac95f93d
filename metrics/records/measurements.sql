/* ---
label = "Gemessene Größen je Monat"
scope = "city"
order = ["indicator", "-month"]
key = ["indicator", "month"]
subject = "measurement"
apart = ["indicator"]

[columns]
indicator = { label = "Messgröße", type = "text" }
month     = { label = "Monat", type = "date" }
value_sum = { label = "Summe der Werte", type = "number" }
n         = { label = "Anzahl der Werte", type = "integer", sum = true }
method    = { label = "Verfahren", type = "text" }
--- */
SELECT indicator, month, value_sum, n, method
FROM core.measurement
CROSS JOIN core.run AS run
WHERE month <= run.business_date
