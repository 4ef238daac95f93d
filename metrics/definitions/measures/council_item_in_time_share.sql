/* ---
label            = "Ratsaufträge fristgerecht erledigt"
short            = "Ratsaufträge in Frist"
number           = "RAT-01"
question         = "Welcher Anteil der Anträge, Anfragen und Beschlüsse ist in der Frist erledigt?"
kind             = "share"
population       = "ratsauftrag_faellig"
unit             = "percent"
better           = "higher"
over_time        = "last"
dimensions       = ["org_unit_id", "kind"]
choose_one       = { fristregel = "zuletzt_genannt" }
scope            = "organisation"
decimals         = 1
numerator_text   = "Bis zum letzten Tag ihrer Frist erledigte Anträge, Anfragen und Beschlüsse"
denominator_text = "Anträge, Anfragen und Beschlüsse mit Frist, die erledigt sind oder deren Frist abgelaufen ist"
meaning          = "Anteil der Aufträge des Rates und seiner Ausschüsse, die in ihrer Frist erledigt wurden, unter allen, bei denen sich das schon sagen lässt. Es gilt die Fristregel von MAS-03."
revised          = 2026-06-09
limits           = "Abgelehntes und Zurückgezogenes zählt ab diesem Tag nicht mehr mit. Aufträge ohne Frist bleiben außen vor. Ist kein Tag der Erledigung vermerkt, gilt der Auftrag als offen. Erledigt heißt: als erledigt vermerkt, nicht: zur Zufriedenheit der Fragenden."

[records]
list = "council_items"
--- */
SELECT
    period,
    org_unit_id,
    kind,
    fristregel,
    sum(in_time) AS numerator,
    sum(items) AS denominator
FROM mart.council_item_due
GROUP BY ALL
