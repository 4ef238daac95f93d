/* ---
label = "Zählregeln"
scope = "city"
order = ["zaehlregel", "reifegrad_modell"]

[columns]
zaehlregel       = { label = "Kennung", type = "text" }
title            = { label = "Zählregel", type = "text" }
meaning          = { label = "Bedeutung", type = "text" }
reifegrad_modell = { label = "Modell", type = "text" }
level_from       = { label = "ab Stufe", type = "integer" }
source           = { label = "Quelle", type = "text" }
--- */
SELECT zaehlregel, title, meaning, reifegrad_modell, level_from, source FROM core.counting_rule
