/* ---
label            = "Prognose zum Jahresende"
short            = "Prognose 31.12."
number           = "BUD-11"
question         = "Wie viel wird in diesem Jahr voraussichtlich ausgegeben?"
kind             = "sum"
population       = "haushaltsansatz"
unit             = "eur"
better           = "none"
over_time        = "last"
dimensions       = ["produkt", "position_id", "position"]
choose_one       = { plan_art = "ergebnisplan", haushaltsjahr = "@year" }
scope            = "city"
numerator_text   = "Letzte Prognose der zuständigen Stelle für alle zwölf Monate"
meaning          = "Erwarteter Aufwand des ganzen Jahres (im Finanzplan Auszahlungen) nach der letzten Prognose der zuständigen Stelle. Monate, zu denen sie nichts sagt, zählen mit ihrem Ist."
legal            = "§ 31 KomHKVO (Niedersachsen)"
revised          = 2026-01-15
limits           = "Die Prognose trägt ihren eigenen Stand und kann älter sein als die Buchungen. Positionen ohne Prognose sind nicht enthalten."

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
    sum(forecast_eur) AS numerator
FROM mart.budget_stock
GROUP BY ALL
