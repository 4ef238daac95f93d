/* ---
label            = "Prognose gegen Verfügungsrahmen zum Jahresende"
short            = "Saldo zum 31.12."
number           = "BUD-01"
question         = "Reicht das Geld bis zum Jahresende?"
kind             = "sum"
population       = "haushaltsansatz"
unit             = "eur"
better           = "higher"
over_time        = "last"
dimensions       = ["produkt", "position_id", "position"]
choose_one       = { plan_art = "ergebnisplan", haushaltsjahr = "@year" }
scope            = "city"
numerator_text   = "Verfügungsrahmen abzüglich Prognose zum 31.12."
meaning          = "Verfügungsrahmen abzüglich des erwarteten Aufwands des ganzen Jahres (im Finanzplan der Auszahlungen). Minus heißt: Es fehlt Geld, es braucht Deckung."
legal            = "§ 27 Abs. 3, § 31 KomHKVO (Niedersachsen)"
revised          = 2026-01-15
limits           = "Die Prognose ist die Erwartung der zuständigen Stelle, nicht gebucht. Positionen ohne Prognose sind nicht enthalten."

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
    sum(frame_eur - forecast_eur) AS numerator
FROM mart.budget_stock
GROUP BY ALL
