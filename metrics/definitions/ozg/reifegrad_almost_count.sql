/* ---
label          = "Leistungen kurz vor Reifegrad 3"
short          = "Ein Baustein fehlt"
number         = "RG-03"
question       = "Bei wie vielen Einzelleistungen fehlt nur noch ein Baustein bis zur Online-Leistung?"
kind           = "sum"
population     = "einzelleistung_eigen"
unit           = "count"
better         = "none"
over_time      = "last"
dimensions     = ["org_unit_id", "themenfeld"]
choose_one     = { reifegrad_modell = "ozg_1_1" }
scope          = "organisation"
numerator_text = "Einzelleistungen auf Stufe 2, denen genau ein Baustein bis Stufe 3 fehlt"
meaning        = "Einzelleistungen in eigener Zuständigkeit auf Stufe 2, denen genau ein Baustein fehlt, zum Beispiel Bezahlung oder Upload. Hier bringt wenig Aufwand viel."
revised        = 2026-01-15
limits         = "Nur zum aktuellen Stichtag: fehlende Bausteine werden ohne Verlauf geführt."

[records]
list = "services_almost_online"
only = { reifegrad_modell = "ozg_1_1" }
--- */
SELECT
    period,
    org_unit_id,
    themenfeld,
    reifegrad_modell,
    sum(one_block_missing) AS numerator
FROM mart.service_level
WHERE is_current
GROUP BY ALL
