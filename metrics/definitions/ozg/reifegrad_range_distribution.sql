/* ---
label            = "Leistungen nach Reifegrad, Spannen für sich"
short            = "Reifegrade mit Spannen"
number           = "RG-05"
question         = "Wie verteilen sich unsere Einzelleistungen auf Stufen und Spannen von Stufen?"
kind             = "distribution"
population       = "einzelleistung_eigen"
unit             = "percent"
better           = "none"
over_time        = "last"
dimensions       = ["org_unit_id", "themenfeld"]
choose_one       = { reifegrad_modell = "ozg_1_1" }
scope            = "organisation"
decimals         = 1
numerator_text   = "Einzelleistungen in eigener Zuständigkeit auf der jeweiligen Stufe oder Spanne"
denominator_text = "Alle Einzelleistungen in eigener Zuständigkeit am Stichtag"
meaning          = "Wie viele Einzelleistungen am Stichtag auf welcher Stufe stehen. „2–3“ sind Leistungen, von denen nur bekannt ist, dass sie auf Stufe 2 oder 3 stehen; sie werden auf keine der beiden aufgeteilt. „ohne“ sind Leistungen ohne verwertbare Einstufung."
legal            = "Stufen des gewählten Reifegradmodells"
revised          = 2026-06-01
limits           = "Stufen verschiedener Modelle werden nie zusammengezählt. Stufen außerhalb der Skala ihres Modells stehen unter „ohne“."

[records]
list = "services"
only = { reifegrad_modell = "ozg_1_1" }
--- */
SELECT
    period,
    org_unit_id,
    themenfeld,
    reifegrad_modell,
    CASE
        WHEN reifegrad IS NULL THEN 'ohne'
        WHEN reifegrad = reifegrad_bis THEN CAST(reifegrad AS VARCHAR)
        ELSE CAST(reifegrad AS VARCHAR) || '–' || CAST(reifegrad_bis AS VARCHAR)
    END AS bucket,
    sum(services) AS numerator,
    coalesce(sum(services) FILTER (WHERE reifegrad IS NOT NULL), 0) AS known
FROM mart.service_range
GROUP BY ALL
