/* ---
label            = "Leistungen Ende-zu-Ende digital"
short            = "Ende-zu-Ende digital"
number           = "RG-02"
question         = "Welcher Anteil unserer Einzelleistungen läuft vom Antrag bis zum Bescheid ohne Medienbruch?"
kind             = "share"
population       = "einzelleistung_eigen"
unit             = "percent"
better           = "higher"
over_time        = "last"
dimensions       = ["org_unit_id", "themenfeld"]
choose_one       = { reifegrad_modell = "ozg_1_1" }
scope            = "organisation"
decimals         = 1
numerator_text   = "Einzelleistungen in eigener Zuständigkeit, deren letzte Einstufung Ende-zu-Ende digital festhält"
denominator_text = "Alle Einzelleistungen in eigener Zuständigkeit am Stichtag"
meaning          = "Anteil der Einzelleistungen, die ohne Medienbruch abschließend digital erledigt werden. Das ist ein eigenes Merkmal und nicht die Stufe 4 des Reifegradmodells."
legal            = "OZG in der Fassung des OZG-Änderungsgesetzes 2024"
revised          = 2026-01-15
limits           = "Noch nicht eingestufte Leistungen zählen als nicht durchgängig digital."

[records]
list = "services"
only = { reifegrad_modell = "ozg_1_1" }
counted = { end_to_end = "true" }
--- */
SELECT
    period,
    org_unit_id,
    themenfeld,
    reifegrad_modell,
    sum(end_to_end) AS numerator,
    sum(services) AS denominator,
    sum(end_to_end_known) AS known
FROM mart.service_level
GROUP BY ALL
