/* ---
label            = "TOP 20 der Prioritätenliste online"
short            = "TOP 20 online"
number           = "OZG-06"
question         = "Wie viele der 20 wichtigsten Leistungen sind online?"
kind             = "share"
population       = "einzelleistung_top20"
unit             = "percent"
better           = "higher"
over_time        = "last"
dimensions       = ["org_unit_id", "themenfeld"]
choose_one       = { reifegrad_modell = "ozg_1_1" }
scope            = "organisation"
decimals         = 1
numerator_text   = "Leistungen auf Rang 1 bis 20 mit Reifegrad 3 oder höher"
denominator_text = "Leistungen auf Rang 1 bis 20 der Prioritätenliste"
meaning          = "Anteil der 20 am höchsten priorisierten Einzelleistungen, die online beantragt werden können."
revised          = 2026-01-15
limits           = "Es gilt die heutige Prioritätenliste, auch für frühere Stichtage."

[records]
list = "services"
only = { reifegrad_modell = "ozg_1_1" }
where = { priority_rank = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17", "18", "19", "20"] }
counted = { reifegrad = ["3", "4"] }
--- */
SELECT
    period,
    org_unit_id,
    themenfeld,
    reifegrad_modell,
    coalesce(sum(top20) FILTER (WHERE reifegrad >= 3), 0) AS numerator,
    sum(top20) AS denominator,
    coalesce(sum(top20) FILTER (WHERE reifegrad IS NOT NULL), 0) AS known
FROM mart.service_level
WHERE top20 > 0
GROUP BY ALL
