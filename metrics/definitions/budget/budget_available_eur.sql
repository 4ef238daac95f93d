/* ---
label            = "Verfügbare Mittel"
short            = "verfügbar"
number           = "BUD-04"
question         = "Wie viel Geld ist noch frei?"
kind             = "sum"
population       = "haushaltsansatz"
unit             = "eur"
better           = "higher"
over_time        = "last"
dimensions       = ["produkt", "position_id", "position"]
choose_one       = { plan_art = "ergebnisplan", haushaltsjahr = "@year" }
scope            = "city"
numerator_text   = "Verfügungsrahmen abzüglich Ist und Obligo"
meaning          = "Was vom Verfügungsrahmen bleibt, wenn gebuchter Aufwand und offene Bestellungen abgezogen sind. Ein Minus heißt: Es ist mehr verbraucht und bestellt, als der Rahmen hergibt."
legal            = "§ 27 Abs. 3 KomHKVO (Niedersachsen)"
revised          = 2026-01-15
limits           = "Erwartete, noch nicht bestellte Ausgaben sind nicht abgezogen; die zeigt die Prognose."

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
    sum(frame_eur - ist_eur - obligo_eur) AS numerator
FROM mart.budget_stock
GROUP BY ALL
