/* ---
label = "Ziele der Digitalisierung"
scope = "city"
order = ["goal"]
key = ["goal"]
subject = "goal"

[columns]
goal     = { label = "Nummer", type = "integer" }
title    = { label = "Ziel", type = "text" }
paper_no = { label = "Beschluss", type = "text" }
--- */
SELECT goal, title, paper_no
FROM core.goal
