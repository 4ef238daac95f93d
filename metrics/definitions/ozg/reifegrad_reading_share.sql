/* ---
label            = "Leistungen online, im gewählten Modell gelesen"
short            = "Online, umgerechnet gelesen"
number           = "RG-08"
question         = "Welcher Anteil unserer Einzelleistungen wäre im gewählten Modell online, wenn wir alle Einstufungen darin lesen?"
kind             = "share"
population       = "einzelleistung_eigen"
unit             = "percent"
better           = "higher"
over_time        = "last"
dimensions       = ["lesart", "org_unit_id", "themenfeld"]
choose_one       = { reifegrad_modell = "ozg_2_0" }
scope            = "organisation"
decimals         = 1
numerator_text   = "Einzelleistungen, deren Stufe die Schwelle des gewählten Modells sicher erreicht, nach eigener Einstufung oder Umrechnung"
denominator_text = "Alle Einzelleistungen in eigener Zuständigkeit am Stichtag"
meaning          = "Der ganze Bestand in einem Modell gelesen: Wo es eine Einstufung in diesem Modell gibt, gilt sie; sonst die neueste aus einem anderen Modell, soweit der Umrechnungsschlüssel sie überträgt. Was nicht übertragbar ist, zählt an der unteren Grenze nicht und an der oberen ganz."
legal            = "Umrechnungsschlüssel zwischen den Reifegradmodellen"
revised          = 2026-06-01
limits           = "Eine Lesart und kein Fortschritt: Steigt die Zahl beim Wechsel des Modells, hat sich der Maßstab geändert. „lesart“ sagt, woher die Stufe kommt: eigen, umgerechnet, nicht_uebertragbar oder ohne. Nirgends eingestufte Leistungen zählen an beiden Grenzen als nicht online."

[records]
list = "service_readings"
counted = { reached = "true" }
--- */
SELECT
    period,
    org_unit_id,
    themenfeld,
    reifegrad_modell,
    lesart,
    sum(reached) AS numerator,
    sum(services) AS denominator,
    sum(reached) AS lower,
    sum(possible) AS upper,
    coalesce(sum(services) FILTER (WHERE lesart IN ('eigen', 'umgerechnet')), 0) AS known,
    CASE WHEN sum(possible) > sum(reached) THEN 'spanne' END AS qualifier
FROM mart.service_reading
GROUP BY ALL
