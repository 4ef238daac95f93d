/* ---
label            = "Verfügungsrahmen"
short            = "Verfügungsrahmen"
number           = "BUD-05"
question         = "Wie viel Geld darf in diesem Jahr ausgegeben werden?"
kind             = "sum"
population       = "haushaltsansatz"
unit             = "eur"
better           = "none"
over_time        = "last"
dimensions       = ["produkt", "position_id", "position", "komponente"]
choose_one       = { plan_art = "ergebnisplan", haushaltsjahr = "@year" }
scope            = "city"
numerator_text   = "Ansatz, Nachtrag, Übertrag und Umschichtung, abzüglich Sperren, bis zum Stichtag beschlossen"
meaning          = "Summe aller bis zum Stichtag beschlossenen Bestandteile: was in diesem Haushaltsjahr ausgegeben werden darf."
legal            = "§§ 19, 20 KomHKVO (Niedersachsen)"
revised          = 2026-01-15
limits           = "Sperren sind als negative Beträge enthalten. Ergebnisplan und Finanzplan werden nie zusammengezählt."

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
    komponente,
    sum(frame_eur) AS numerator
FROM mart.budget_frame
GROUP BY ALL
