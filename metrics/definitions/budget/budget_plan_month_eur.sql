/* ---
label            = "Geplanter Aufwand je Monat"
short            = "Plan je Monat"
number           = "BUD-09"
question         = "Was war für den Monat geplant?"
kind             = "sum"
population       = "haushaltsansatz"
unit             = "eur"
better           = "none"
over_time        = "sum"
dimensions       = ["produkt", "position_id", "position"]
choose_one       = { plan_art = "ergebnisplan", haushaltsjahr = "@year" }
scope            = "city"
numerator_text   = "Monatsplan in der letzten Fassung"
meaning          = "Der auf Monate verteilte Plan in der Fassung, die am Geschäftstag gilt, auch für Monate, die noch kommen."
legal            = "§ 27 Abs. 3 KomHKVO (Niedersachsen)"
revised          = 2026-01-15
limits           = "Die Verteilung auf Monate ist eine Setzung der zuständigen Stelle."

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
    sum(plan_eur) AS numerator
FROM mart.budget_flow
WHERE plan_eur IS NOT NULL
GROUP BY ALL
