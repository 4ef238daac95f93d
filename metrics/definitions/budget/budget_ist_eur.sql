/* ---
label            = "Gebuchter Aufwand im Haushaltsjahr"
short            = "Ist"
number           = "BUD-06"
question         = "Wie viel ist in diesem Haushaltsjahr gebucht?"
kind             = "sum"
population       = "haushaltsansatz"
unit             = "eur"
better           = "none"
over_time        = "last"
dimensions       = ["produkt", "position_id", "position"]
choose_one       = { plan_art = "ergebnisplan", haushaltsjahr = "@year" }
scope            = "city"
numerator_text   = "Buchungen des Haushaltsjahres bis zum Stichtag"
meaning          = "Seit Jahresbeginn gebuchter Aufwand; im Finanzplan die Auszahlungen."
legal            = "§ 27 Abs. 3 KomHKVO (Niedersachsen)"
revised          = 2026-01-15
limits           = "Unterjährig fehlen Abgrenzungen. Nachträglich für das Vorjahr Gebuchtes zählt im Vorjahr."

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
    sum(ist_eur) AS numerator
FROM mart.budget_stock
GROUP BY ALL
