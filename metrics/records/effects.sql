/* ---
label = "Wirkungen"
scope = "city"
order = ["position"]
key = ["effect_id"]
subject = "effect"

[columns]
effect_id     = { label = "Kennung", type = "text" }
position      = { label = "Reihenfolge", type = "integer" }
title         = { label = "Wirkung", type = "text" }
subtitle      = { label = "Messgröße", type = "text" }
goal          = { label = "Ziel", type = "integer" }
perspective   = { label = "Perspektive", type = "text" }
metric_id     = { label = "Kennzahl", type = "text" }
procedure     = { label = "Verfahren", type = "text" }
introduced_on = { label = "Eingeführt am", type = "date" }
introduced_by = { label = "Maßnahme", type = "text" }
basis         = { label = "Grundlage", type = "text" }
reach         = { label = "Wirkungsgrad", type = "text" }
--- */
SELECT
    effect_id, position, title, subtitle, goal, perspective, metric_id, procedure, introduced_on, introduced_by, basis,
    reach
FROM core.effect
