/* ---
label = "Papier, Wege und CO₂ gespart je Monat"
scope = "city"
order = ["-period", "cause"]
key = ["period", "cause"]

[columns]
period = { label = "Monat", type = "date" }
cause  = { label = "Ursache", type = "text" }
amount = { label = "Blatt oder Wege", type = "number" }
co2_kg = { label = "CO₂ (kg)", type = "number", sum = true }
--- */
SELECT period, cause, amount, co2_kg
FROM mart.saving_month
