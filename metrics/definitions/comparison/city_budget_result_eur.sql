/* ---
label          = "Ordentliches Ergebnis im Vergleich"
short          = "Ertrag − Aufwand"
number         = "VGL-01"
question       = "Wie schließen die veröffentlichten Haushalte anderer Städte ab?"
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
limits         = "Gedruckte Saldospalten werden nicht übernommen, weil sie nachweislich falsche Vorzeichen enthalten können. Städte haben verschiedene Aufgaben und Größen; es ist ein Überblick, kein Rang. Nennen mehrere Dokumente dasselbe Jahr, zählt nur das dem Namen nach letzte."
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
