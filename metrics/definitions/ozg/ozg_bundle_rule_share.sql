/* ---
label            = "OZG-Leistungen (Bündel) online, nach Zählregel"
short            = "Bündel nach Zählregel"
number           = "OZG-10"
question         = "Welcher Anteil der OZG-Leistungen, die uns betreffen, ist online, je nachdem, wie man zählt?"
kind             = "share"
population       = "ozg_leistung"
unit             = "percent"
better           = "higher"
over_time        = "last"
dimensions       = ["themenfeld"]
choose_one       = { reifegrad_modell = "ozg_1_1", zaehlregel = "eine_leistung" }
scope            = "city"
decimals         = 1
numerator_text   = "Bündel, die nach der gewählten Zählregel online sind"
denominator_text = "Bündel des OZG-Katalogs, die Hauptbündel mindestens einer eigenen Einzelleistung sind"
meaning          = "Dieselben Bündel unter benannten Zählregeln: eine_leistung, alle_leistungen, bund_eine_ab_2, meldung_eine_kommune, meldung_flaechendeckend und die eigenen der Stadt. Nach „zaehlregel“ aufgegliedert stehen sie nebeneinander; zusammengezählt werden sie nie."
legal            = "OZG-Umsetzungskatalog; Zählregeln mit Quelle in der Liste „Zählregeln“"
revised          = 2026-06-01
limits           = "Regeln nach Meldung zählen, was der Portalverbund heute meldet; sie haben keine Vergangenheit und fehlen, solange keine Meldungen vorliegen. Regeln nach Einstufung sehen nur die eigenen Leistungen. Eine Leistung, die zu mehreren Bündeln gehört, zählt nur in ihrem Hauptbündel. Bündel, deren Leistungen als Spanne eingestuft sind, zählen erst an der oberen Grenze; noch nicht eingestufte an keiner."

[records]
list = "bundles"
only = { reifegrad_modell = "ozg_1_1" }
--- */
SELECT
    period,
    themenfeld,
    reifegrad_modell,
    zaehlregel,
    sum(reached) AS numerator,
    sum(bundles) AS denominator,
    sum(reached) AS lower,
    sum(possible) AS upper,
    sum(known) AS known,
    CASE WHEN sum(possible) > sum(reached) THEN 'spanne' END AS qualifier
FROM mart.ozg_bundle_rule
GROUP BY ALL
