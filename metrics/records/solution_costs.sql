/* ---
label = "Laufende Kosten der Lösungen"
scope = "city"
order = ["solution", "kostenart", "-period"]
key = ["solution", "kostenart", "period"]

[columns]
solution      = { label = "Lösung", type = "text" }
introduced_on = { label = "eingeführt", type = "date" }
period        = { label = "Monat", type = "date" }
kostenart     = { label = "Kostenart", type = "text" }
method     = { label = "Grundlage", type = "text" }
amount_eur    = { label = "Betrag", type = "eur" }
--- */
SELECT solution, introduced_on, period, kostenart, method, amount_eur FROM mart.solution_cost_month
