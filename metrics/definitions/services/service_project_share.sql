/* ---
label            = "Leistungen in einem Umsetzungsprojekt"
short            = "im Projekt"
number           = "LST-07"
question         = "Für welchen Anteil unserer Einzelleistungen hat ein Umsetzungsprojekt begonnen?"
kind             = "share"
population       = "einzelleistung_eigen"
unit             = "percent"
better           = "higher"
over_time        = "last"
dimensions       = ["org_unit_id", "themenfeld"]
scope            = "organisation"
decimals         = 1
numerator_text   = "Einzelleistungen in eigener Zuständigkeit, die zu mindestens einem begonnenen Projekt gehören"
denominator_text = "Alle Einzelleistungen in eigener Zuständigkeit am Stichtag"
meaning          = "Projekte bringen Leistungen online, meist mehrere auf einmal. Eine Leistung, die zu zwei Projekten gehört, zählt einmal."
revised          = 2026-06-01
limits           = "Welche Leistung zu welchem Projekt gehört, ist der Stand von heute, auch für frühere Stichtage. Abgeschlossene Projekte zählen mit."

[records]
list = "services"
--- */
SELECT
    period,
    org_unit_id,
    themenfeld,
    sum(in_project) AS numerator,
    sum(services) AS denominator
FROM mart.service_project
GROUP BY ALL
