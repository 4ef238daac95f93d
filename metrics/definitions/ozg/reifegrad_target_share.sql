/* ---
label            = "Leistungen auf ihrer Soll-Stufe"
short            = "Soll-Stufe erreicht"
number           = "RG-07"
question         = "Welcher Anteil der Leistungen mit einer Soll-Stufe hat sie erreicht?"
kind             = "share"
population       = "einzelleistung_mit_soll"
unit             = "percent"
better           = "higher"
over_time        = "last"
dimensions       = ["org_unit_id", "themenfeld"]
choose_one       = { reifegrad_modell = "ozg_1_1", soll_art = "ziel" }
scope            = "organisation"
decimals         = 1
numerator_text   = "Einzelleistungen in eigener Zuständigkeit, deren Stufe die Soll-Stufe sicher erreicht"
denominator_text = "Einzelleistungen in eigener Zuständigkeit, für die am Stichtag eine Soll-Stufe der gewählten Art gilt"
meaning          = "Anteil der Leistungen, deren Stufe mindestens die für sie festgelegte ist. Soll-Stufen gibt es in drei Arten: erforderlich (Recht), ziel (Beschluss) und moeglich (mehr ist mit dieser Leistung nicht zu erreichen)."
legal            = "Rechtsgrundlage oder Beschluss je Soll-Stufe"
revised          = 2026-06-01
limits           = "Soll und Ist werden nur im selben Modell verglichen. Noch nicht eingestufte Leistungen zählen als nicht erreicht. Leistungen ohne Soll-Stufe fehlen im Nenner."

[records]
list = "service_levels"
--- */
SELECT
    period,
    org_unit_id,
    themenfeld,
    reifegrad_modell,
    soll_art,
    sum(reached) AS numerator,
    sum(services) AS denominator,
    sum(reached) AS lower,
    sum(possible) AS upper,
    sum(assessed) AS known,
    CASE WHEN sum(possible) > sum(reached) THEN 'spanne' END AS qualifier
FROM mart.service_target
GROUP BY ALL
