/* ---
label            = "Ausschöpfung des Deckungskreises"
short            = "Budget ausgeschöpft"
number           = "BUD-16"
question         = "Welcher Anteil eines Budgets ist verbraucht?"
kind             = "share"
population       = "deckungskreis"
unit             = "percent"
better           = "none"
over_time        = "last"
dimensions       = ["deckungskreis", "deckungskreis_titel", "produkt"]
choose_one       = { plan_art = "ergebnisplan", haushaltsjahr = "@year" }
scope            = "city"
decimals         = 1
numerator_text   = "Ist aller Positionen des Budgets"
denominator_text = "Verfügungsrahmen aller Positionen des Budgets"
meaning          = "Ansätze eines Budgets decken sich gegenseitig. Deshalb zählt, was alle Positionen zusammen verbraucht haben, geteilt durch ihren gemeinsamen Rahmen."
legal            = "§ 19 Abs. 1 KomHKVO (Niedersachsen)"
revised          = 2026-11-15
limits           = "Nur Positionen, die im Haushaltsjahr einem Budget zugeordnet sind. Nach Produkt aufgeteilt zeigt die Kennzahl nur dessen Teil des Budgets. Laufende Verwaltung und Investitionen sind nicht gegenseitig deckungsfähig und stehen in getrennten Plänen."

[records]
list = "budget_positions"
--- */
SELECT
    period,
    haushaltsjahr,
    plan_art,
    deckungskreis,
    deckungskreis_titel,
    produkt,
    sum(ist_eur) AS numerator,
    sum(frame_eur) AS denominator
FROM mart.deckungskreis_stock
WHERE in_budget
GROUP BY ALL
