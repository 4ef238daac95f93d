/* ---
label            = "Gebundene Mittel (Obligo)"
short            = "Obligo"
number           = "BUD-08"
question         = "Wie viel ist bestellt und noch nicht abgerechnet?"
kind             = "sum"
population       = "haushaltsansatz"
unit             = "eur"
better           = "none"
over_time        = "last"
dimensions       = ["produkt", "position_id", "position"]
choose_one       = { plan_art = "ergebnisplan", haushaltsjahr = "@year" }
scope            = "city"
numerator_text   = "Am Stichtag bestellte und noch nicht abgerechnete Beträge"
meaning          = "Bestellungen und Vormerkungen, die am Stichtag noch nicht abgerechnet sind."
legal            = "§ 27 Abs. 3 KomHKVO (Niedersachsen)"
revised          = 2026-01-15
limits           = "Wird abgerechnet, wandert der Betrag vom Obligo ins Ist."

[records]
list = "budget_positions"
--- */
SELECT
    period,
    haushaltsjahr,
    plan_art,
    produkt,
    position_id,
    position,
    sum(obligo_eur) AS numerator
FROM mart.budget_stock
GROUP BY ALL
