/* ---
label = "Reifegradmodelle"
scope = "city"
order = ["reifegrad_modell", "reifegrad"]

[columns]
reifegrad_modell = { label = "Kennung", type = "text" }
title            = { label = "Modell", type = "text" }
version          = { label = "Fassung", type = "text" }
reifegrad        = { label = "Stufe", type = "integer" }
name             = { label = "Name", type = "text" }
meaning          = { label = "Bedeutung", type = "text" }
is_fulfilled     = { label = "Gilt als erfüllt", type = "boolean" }
fulfilled_source = { label = "Schwelle nach", type = "text" }
source           = { label = "Quelle", type = "text" }
--- */
SELECT
    model.reifegrad_modell,
    model.title,
    model.version,
    level.reifegrad,
    level.name,
    level.meaning,
    level.reifegrad >= model.fulfilled_from AS is_fulfilled,
    model.fulfilled_source,
    model.source
FROM core.reifegrad_model AS model
INNER JOIN core.reifegrad_level AS level ON level.reifegrad_modell = model.reifegrad_modell
