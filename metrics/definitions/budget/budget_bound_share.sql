/* ---
label            = "Bindungsgrad"
short            = "Verbraucht oder gebunden"
number           = "BUD-03"
question         = "Welcher Anteil des Verfügungsrahmens ist verbraucht oder fest bestellt?"
kind             = "share"
population       = "haushaltsansatz"
unit             = "percent"
better           = "none"
over_time        = "last"
dimensions       = ["produkt", "position_id", "position"]
choose_one       = { plan_art = "ergebnisplan", haushaltsjahr = "@year" }
scope            = "city"
decimals         = 1
numerator_text   = "Ist und Obligo: gebuchter Aufwand und noch nicht abgerechnete Bestellungen"
denominator_text = "Verfügungsrahmen: Ansatz, Nachtrag, Übertrag und Umschichtung, abzüglich Sperren"
meaning          = "Gebuchter Aufwand und offene Bestellungen zusammen, geteilt durch den Verfügungsrahmen. Der Rest ist noch frei verfügbar."
legal            = "§ 27 Abs. 3 KomHKVO (Niedersachsen)"
revised          = 2026-01-15
limits           = "Ohne Verfügungsrahmen gibt es keinen Wert. Ergebnisplan und Finanzplan werden nie zusammengezählt."

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
    sum(ist_eur + obligo_eur) AS numerator,
    sum(frame_eur) AS denominator
FROM mart.budget_stock
GROUP BY ALL
