/* ---
label            = "Einstufungen nach Kriterien"
short            = "Nach Kriterien eingestuft"
number           = "RG-09"
question         = "Welcher Anteil unserer Einstufungen ruht auf festgehaltenen Kriterien und nicht auf dem Eindruck?"
kind             = "share"
population       = "einzelleistung_eingestuft"
unit             = "percent"
better           = "higher"
over_time        = "last"
dimensions       = ["grundlage", "org_unit_id", "themenfeld"]
choose_one       = { reifegrad_modell = "ozg_1_1" }
scope            = "organisation"
decimals         = 1
numerator_text   = "Einzelleistungen, deren Stufe aus allen Kriterien des Modells abgeleitet ist"
denominator_text = "Eingestufte Einzelleistungen in eigener Zuständigkeit am Stichtag"
meaning          = "Anteil der eingestuften Leistungen, für die alle Kriterien des Modells festgehalten sind; das niedrigste ergibt die Stufe. Alle anderen sind pauschal, durch Selbstauskunft oder ohne hinterlegte Kriterien eingestuft."
legal            = "Reifegradmodell des Bundes 1.1: Das niedrigste von zehn Kriterien entscheidet"
revised          = 2026-06-01
limits           = "In Modellen ohne Kriterien ist der Anteil immer 0 %. „kriterien_teilweise“ zählt nicht mit: Das niedrigste bekannte Kriterium ist dort nur eine Obergrenze."

[records]
list = "service_levels"
counted = { grundlage = "kriterien" }
--- */
SELECT
    period,
    org_unit_id,
    themenfeld,
    reifegrad_modell,
    grundlage,
    coalesce(sum(services) FILTER (WHERE grundlage = 'kriterien'), 0) AS numerator,
    sum(services) AS denominator
FROM mart.service_range
WHERE reifegrad IS NOT NULL
GROUP BY ALL
