/* ---
label            = "Leistungen nach Reifegrad"
short            = "Reifegrade"
number           = "RG-01"
question         = "Wie verteilen sich unsere Einzelleistungen auf die Stufen des Reifegradmodells?"
kind             = "distribution"
population       = "einzelleistung_eigen"
unit             = "percent"
better           = "none"
over_time        = "last"
dimensions       = ["org_unit_id", "themenfeld"]
choose_one       = { reifegrad_modell = "ozg_1_1" }
scope            = "organisation"
decimals         = 1
numerator_text   = "Einzelleistungen in eigener Zuständigkeit auf der jeweiligen Stufe"
denominator_text = "Alle Einzelleistungen in eigener Zuständigkeit am Stichtag"
meaning          = "Wie viele Einzelleistungen in eigener Zuständigkeit am Stichtag auf welcher Stufe stehen. „ohne“ sind Leistungen, die noch nicht eingestuft sind."
legal            = "Reifegradmodell des Bundes 1.1 (Stufen 0 bis 4)"
revised          = 2026-01-15
limits           = "Stufen verschiedener Modelle werden nie zusammengezählt. Das Modell 1.1 wurde im Juli 2025 durch das Modell 2.0 (Stufen 0 bis 7) abgelöst; Einstufungen werden nicht umgerechnet."

[records]
list = "services"
only = { reifegrad_modell = "ozg_1_1" }
columns = { bucket = "reifegrad" }
empty = "ohne"
--- */
SELECT
    period,
    org_unit_id,
    themenfeld,
    reifegrad_modell,
    coalesce(CAST(reifegrad AS VARCHAR), 'ohne') AS bucket,
    sum(services) AS numerator,
    coalesce(sum(services) FILTER (WHERE reifegrad IS NOT NULL), 0) AS known
FROM mart.service_level
GROUP BY ALL
