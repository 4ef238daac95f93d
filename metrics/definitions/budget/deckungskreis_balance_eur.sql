/* ---
label          = "Prognose gegen Rahmen des Deckungskreises"
short          = "Saldo des Budgets zum 31.12."
number         = "BUD-13"
question       = "Reicht jedes Budget als Ganzes bis zum Jahresende?"
kind           = "sum"
population     = "deckungskreis"
unit           = "eur"
better         = "higher"
over_time      = "last"
dimensions     = ["deckungskreis", "deckungskreis_titel"]
choose_one     = { plan_art = "ergebnisplan", haushaltsjahr = "@year" }
scope          = "city"
numerator_text = "Verfügungsrahmen abzüglich Prognose zum 31.12., über alle Positionen des Budgets"
meaning        = "Was im Budget am Jahresende übrig bleibt (+) oder fehlt (−). Eine Überschreitung einer Position, die eine andere Position desselben Budgets deckt, zählt hier nicht als Fehlbetrag."
legal          = "§ 19 Abs. 1 KomHKVO (Niedersachsen)"
revised        = 2026-11-15
limits         = "Ein Budget mit einer Position ohne Prognose hat keinen Wert; die Summe sagt dann „unvollständig“. Einseitige Deckung ist wie gegenseitige gerechnet: Dort kann ein Budget reichen und eine Position trotzdem nicht. Die Gesamtzahl verrechnet Budgets miteinander, was das Haushaltsrecht nicht tut; aussagekräftig ist das einzelne Budget."

[records]
list = "budget_positions"
--- */
SELECT
    period,
    haushaltsjahr,
    plan_art,
    deckungskreis,
    deckungskreis_titel,
    sum(frame_eur - forecast_eur) AS numerator,
    CASE WHEN count(forecast_eur) < count(*) THEN 'unvollständig' END AS qualifier
FROM mart.deckungskreis_balance
WHERE in_budget
GROUP BY ALL
