/* ---
label            = "Ausschöpfungsgrad"
short            = "Ausgeschöpft"
number           = "BUD-02"
question         = "Welcher Anteil des Verfügungsrahmens ist verbraucht?"
kind             = "share"
population       = "haushaltsansatz"
unit             = "percent"
better           = "none"
over_time        = "last"
dimensions       = ["produkt", "position_id", "position"]
choose_one       = { plan_art = "ergebnisplan", haushaltsjahr = "@year" }
scope            = "city"
decimals         = 1
numerator_text   = "Ist: gebuchter Aufwand des Haushaltsjahres bis zum Stichtag"
denominator_text = "Verfügungsrahmen: Ansatz, Nachtrag, Übertrag und Umschichtung, abzüglich Sperren"
meaning          = "Gebuchter Aufwand geteilt durch den Verfügungsrahmen. Bestellte, aber noch nicht abgerechnete Mittel sind nicht enthalten; die zeigt der Bindungsgrad."
legal            = "§ 27 Abs. 3 KomHKVO (Niedersachsen)"
revised          = 2026-01-15
limits           = "Ohne Verfügungsrahmen gibt es keinen Wert. Unterjährig fehlen Abgrenzungen, ein Zwölftel je Monat ist nur eine Orientierung. Ergebnisplan und Finanzplan werden nie zusammengezählt."

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
    sum(ist_eur) AS numerator,
    sum(frame_eur) AS denominator
FROM mart.budget_stock
GROUP BY ALL
