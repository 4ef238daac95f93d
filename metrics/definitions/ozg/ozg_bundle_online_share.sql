/* ---
label            = "OZG-Leistungen (Bündel) online"
short            = "Bündel online"
number           = "OZG-07"
question         = "In welchem Anteil der OZG-Leistungen, die uns betreffen, ist mindestens eine Einzelleistung online?"
kind             = "share"
population       = "ozg_leistung"
unit             = "percent"
better           = "higher"
over_time        = "last"
dimensions       = ["themenfeld"]
choose_one       = { reifegrad_modell = "ozg_1_1" }
scope            = "city"
decimals         = 1
numerator_text   = "Bündel, in denen mindestens eine eigene Einzelleistung Reifegrad 3 oder höher hat"
denominator_text = "Bündel des OZG-Katalogs, die Hauptbündel mindestens einer eigenen Einzelleistung sind"
meaning          = "Zählregel: Ein Bündel gilt als online, sobald eine einzige eigene Einzelleistung darin Reifegrad 3 erreicht. Die Zahl liegt deshalb meist höher als der Anteil der Einzelleistungen und wird nie mit ihm verrechnet."
legal            = "OZG-Umsetzungskatalog; Reifegradmodell des Bundes 1.1"
revised          = 2026-01-15
limits           = "Der Bund zählte zeitweise schon ab Reifegrad 2. Ein Bündel kann mehrere Fachdienste berühren, darum gibt es keine Aufteilung nach Einheiten. Leistungen ohne Bündel im Katalog fehlen. Eine Leistung, die zu mehreren Bündeln gehört, zählt nur in ihrem Hauptbündel."

[records]
list = "bundles"
only = { reifegrad_modell = "ozg_1_1" }
--- */
SELECT
    period,
    themenfeld,
    reifegrad_modell,
    sum(online) AS numerator,
    sum(bundles) AS denominator,
    sum(assessed) AS known
FROM mart.ozg_bundle_level
GROUP BY ALL
