/* ---
label = "Personentage je Monat und Rolle"
scope = "city"
order = ["-month", "role"]
key = ["month", "role"]
subject = "capacity"

[columns]
month        = { label = "Monat", type = "date" }
role         = { label = "Rolle", type = "text" }
needed_pt    = { label = "Benötigt (PT)", type = "number", sum = true }
available_pt = { label = "Verfügbar (PT)", type = "number", sum = true }
--- */
SELECT month, role, needed_pt, available_pt
FROM core.capacity
