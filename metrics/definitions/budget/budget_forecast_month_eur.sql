/* ---
label            = "Erwarteter Aufwand je Monat"
short            = "Prognose je Monat"
number           = "BUD-10"
question         = "Was wird für den Monat erwartet?"
kind             = "sum"
population       = "haushaltsansatz"
unit             = "eur"
better           = "none"
over_time        = "sum"
dimensions       = ["produkt", "position_id", "position"]
choose_one       = { plan_art = "ergebnisplan", haushaltsjahr = "@year" }
scope            = "city"
numerator_text   = "Monatsprognose in der letzten Fassung"
meaning          = "Die letzte Prognose der zuständigen Stelle je Monat, auch für Monate, die noch kommen."
legal            = "§ 31 KomHKVO (Niedersachsen)"
revised          = 2026-01-15
limits           = "Die Prognose ist nicht gebucht und trägt ihren eigenen Stand."

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
FROM mart.budget_flow
WHERE forecast_eur IS NOT NULL
GROUP BY ALL
