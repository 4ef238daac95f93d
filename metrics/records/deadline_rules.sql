/* ---
label = "Fristregeln"
scope = "city"
order = ["fristregel"]

[columns]
fristregel = { label = "Kennung", type = "text" }
title      = { label = "Regel", type = "text" }
meaning    = { label = "Bedeutung", type = "text" }
--- */
SELECT fristregel, title, meaning
FROM core.deadline_rule
