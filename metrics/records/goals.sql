/* ---
label = "Ziele der Digitalisierung"
scope = "city"
order = ["goal"]

[columns]
goal  = { label = "Nummer", type = "integer" }
title = { label = "Ziel", type = "text" }
--- */
SELECT goal, title
FROM core.goal
