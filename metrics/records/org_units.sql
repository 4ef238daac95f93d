/* ---
label = "Organisationseinheiten"
scope = "city"
order = ["kind", "short"]

[columns]
unit_id   = { label = "Kennung", type = "text" }
parent_id = { label = "Übergeordnet", type = "unit" }
short     = { label = "Kurz", type = "text" }
name      = { label = "Name", type = "text" }
kind      = { label = "Ebene", type = "text" }
active    = { label = "besteht", type = "boolean" }
--- */
SELECT unit_id, parent_id, short, name, kind, active
FROM core.org_unit_current
