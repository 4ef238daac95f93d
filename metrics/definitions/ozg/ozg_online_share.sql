/* ---
label            = "Leistungen online (ab Reifegrad 3)"
short            = "Online ab Reifegrad 3"
number           = "OZG-01"
question         = "Welcher Anteil unserer Einzelleistungen ist online beantragbar?"
kind             = "share"
population       = "einzelleistung_eigen"
unit             = "percent"
better           = "higher"
over_time        = "last"
dimensions       = ["org_unit_id", "themenfeld"]
choose_one       = { reifegrad_modell = "ozg_1_1" }
scope            = "organisation"
decimals         = 1
numerator_text   = "Einzelleistungen in eigener Zuständigkeit mit Reifegrad 3 oder höher am Stichtag"
denominator_text = "Alle Einzelleistungen in eigener Zuständigkeit am Stichtag"
meaning          = "Anteil der Einzelleistungen in eigener Zuständigkeit, die Bürgerinnen, Bürger und Unternehmen vollständig online beantragen können, Nachweise eingeschlossen."
legal            = "§ 1a OZG; Reifegradmodell des Bundes 1.1 (Stufen 0 bis 4)"
revised          = 2026-01-15
limits           = "Noch nicht eingestufte Leistungen zählen als nicht online. Leistungen mit ungeklärter oder fremder Zuständigkeit fehlen im Nenner. Zuständigkeiten gelten in der heutigen Fassung auch für frühere Stichtage. Das Modell 1.1 wurde im Juli 2025 durch das Modell 2.0 (Stufen 0 bis 7) abgelöst; Einstufungen werden nicht umgerechnet."

[records]
list = "services"
only = { reifegrad_modell = "ozg_1_1" }
counted = { reifegrad = ["3", "4"] }
--- */
SELECT
    period,
    org_unit_id,
    themenfeld,
    reifegrad_modell,
    coalesce(sum(services) FILTER (WHERE reifegrad >= 3), 0) AS numerator,
    sum(services) AS denominator,
    coalesce(sum(services) FILTER (WHERE reifegrad IS NOT NULL), 0) AS known
FROM mart.service_level
GROUP BY ALL
