/* ---
label = "Wirkungsbuch: Ausgangswert, Erwartung, Ergebnis"
scope = "city"
order = ["position"]
key = ["effect_id"]
subject = "effect"

[columns]
effect_id       = { label = "Kennung", type = "text" }
position        = { label = "Reihenfolge", type = "integer" }
title           = { label = "Wirkung", type = "text" }
goal            = { label = "Ziel", type = "integer" }
perspective     = { label = "Perspektive", type = "text" }
reach           = { label = "Wirkungsgrad", type = "text" }
din_spec_66336  = { label = "DIN SPEC 66336", type = "text" }
metric_id       = { label = "Kennzahl", type = "text" }
baseline        = { label = "Ausgangswert", type = "number" }
baseline_method = { label = "Verfahren des Ausgangswerts", type = "text" }
expected        = { label = "Erwartet", type = "number" }
expected_method = { label = "Verfahren der Erwartung", type = "text" }
reached         = { label = "Erreicht", type = "number" }
reached_method  = { label = "Verfahren des Ergebnisses", type = "text" }
confidence      = { label = "Sicherheit", type = "text" }
reached_share   = { label = "Erreichter Teil der Erwartung", type = "number" }
source          = { label = "Quelle", type = "text" }
--- */
SELECT
    book.effect_id, book.position, book.title, book.goal, book.perspective, book.reach, book.din_spec_66336,
    book.metric_id, book.baseline, book.baseline_method, book.expected, book.expected_method, book.reached,
    book.reached_method, book.confidence, book.reached_share, book.source
FROM mart.effect_book AS book
INNER JOIN core.calendar AS calendar ON calendar.period = book.period
WHERE calendar.is_current
