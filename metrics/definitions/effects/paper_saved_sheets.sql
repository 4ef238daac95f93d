/* ---
label          = "Eingespartes Papier"
short          = "Papier gespart"
number         = "WIR-15"
question       = "Wie viel weniger Papier verbrauchen wir als vorher?"
kind           = "sum"
population     = "ersparnis"
unit           = "sheets"
better         = "higher"
over_time      = "sum"
window_months  = 12
dimensions     = []
scope          = "city"
numerator_text = "Ausgangswert je Monat − gemessener Verbrauch, ab dem ersten vollen Monat nach der Einführung"
meaning        = "Blatt Papier, die in den zwölf Monaten bis zum letzten gemessenen Monat gegenüber dem Ausgangswert des Wirkungskatalogs weniger verbraucht wurden. Mehrverbrauch zieht ab."
revised        = 2026-06-09
limits         = "Ohne Ausgangswert im Wirkungskatalog gibt es keinen Wert; ob er gemessen oder geschätzt ist, sagt das Wirkungsbuch. Monate ohne Messung zählen nicht mit. Was statt der Verwaltung andere drucken, ist nicht enthalten. Der Vergleich weist keine Ursache nach."

[records]
list = "measurements"
where = { indicator = "paper_sheets" }
--- */
SELECT
    period,
    sum(amount) AS numerator
FROM mart.saving_month
WHERE cause = 'papier'
GROUP BY ALL
