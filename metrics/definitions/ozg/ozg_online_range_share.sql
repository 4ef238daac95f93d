/* ---
label            = "Leistungen online, mit Spanne der Einstufung"
short            = "Online, mit Spanne"
number           = "OZG-09"
question         = "Welcher Anteil unserer Einzelleistungen ist sicher online beantragbar, und wie viele könnten es sein?"
kind             = "share"
population       = "einzelleistung_eigen"
unit             = "percent"
better           = "higher"
over_time        = "last"
dimensions       = ["org_unit_id", "themenfeld"]
choose_one       = { reifegrad_modell = "ozg_1_1" }
scope            = "organisation"
decimals         = 1
numerator_text   = "Einzelleistungen in eigener Zuständigkeit, deren Stufe die Schwelle des Modells sicher erreicht"
denominator_text = "Alle Einzelleistungen in eigener Zuständigkeit am Stichtag"
meaning          = "Anteil der Einzelleistungen, die die Schwelle des Modells sicher erreichen, mit der Spanne bis zu denen, die sie erreichen können. „Reifegrad 2 oder 3“ zählt an der unteren Grenze nicht und an der oberen ganz."
legal            = "§ 1a OZG; Schwelle nach dem gewählten Reifegradmodell"
revised          = 2026-06-01
limits           = "Die Spanne kommt nur aus Einstufungen, die selbst eine Spanne sind. Noch nicht eingestufte Leistungen und Stufen außerhalb der Skala ihres Modells zählen an beiden Grenzen als nicht online; wie viele das sind, sagt die Abdeckung."

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
    sum(reached) AS numerator,
    sum(services) AS denominator,
    sum(reached) AS lower,
    sum(possible) AS upper,
    coalesce(sum(services) FILTER (WHERE reifegrad IS NOT NULL), 0) AS known,
    CASE WHEN sum(possible) > sum(reached) THEN 'spanne' END AS qualifier
FROM mart.service_range
GROUP BY ALL
