/* ---
label          = "Ertrag abzüglich Aufwand im Vergleich"
short          = "Ertrag − Aufwand"
number         = "VGL-01"
question       = "Decken in den veröffentlichten Haushalten anderer Städte die Erträge den Aufwand?"
kind           = "sum"
population     = "haushalt_staedte"
unit           = "eur"
better         = "none"
grain          = "year"
over_time      = "none"
dimensions     = ["city", "haushaltsjahr", "richtung", "document"]
choose_one     = { betrag_typ = "ergebnis" }
scope          = "city"
numerator_text = "Ertrag abzüglich Aufwand, aus den Einzelwerten neu berechnet"
meaning        = "Saldo aus Ertrag und Aufwand der veröffentlichten Haushaltsdaten, aus den Einzelwerten neu berechnet. Nach Richtung aufgeteilt zählt Ertrag positiv und Aufwand negativ."
revised        = 2026-01-15
limits         = "Nicht das ordentliche Ergebnis: Zinsen und andere Finanzposten sind nur enthalten, wo die Veröffentlichung sie unter Erträgen und Aufwand führt. Fehlt in einem Jahr ein Betrag, hat das Jahr keinen Wert. Gedruckte Saldospalten werden nicht übernommen, weil sie nachweislich falsche Vorzeichen enthalten können. Städte haben verschiedene Aufgaben und Größen; es ist ein Überblick, kein Rang. Nennen mehrere Dokumente dasselbe Jahr, zählt nur das dem Namen nach letzte vollständige."

[records]
list = "city_budgets"
--- */
SELECT
    period,
    city,
    haushaltsjahr,
    betrag_typ,
    richtung,
    document,
    sum(CASE WHEN richtung = 'ertrag' THEN amount_eur ELSE -amount_eur END) AS numerator,
    sum(positions) AS n
FROM mart.city_budget_year
GROUP BY ALL
