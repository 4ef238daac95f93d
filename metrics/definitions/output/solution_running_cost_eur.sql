/* ---
label          = "Laufende Kosten der Lösungen"
short          = "Laufende Kosten"
number         = "KLR-02"
question       = "Was kostet eine eingeführte Lösung im Jahr, abzüglich dessen, was sie ablöst?"
kind           = "sum"
population     = "loesung_eingefuehrt"
unit           = "eur"
better         = "none"
over_time      = "sum"
window_months  = 12
dimensions     = ["solution", "kostenart", "method"]
scope          = "city"
numerator_text = "Lizenz, Betrieb, Wartung und Betreuung der letzten zwölf vollen Monate, abzüglich der Ersparnis durch abgelöste Verfahren"
meaning        = "Laufende Kosten ab dem Tag der Einführung. Ersparnis durch abgelöste Verfahren steht mit Minus darin; ein negativer Wert heißt, dass die Lösung mehr ablöst als sie kostet."
revised        = 2026-11-15
limits         = "Kosten vor der Einführung gehören zum Projekt und zählen nicht. Ob ein Betrag gebucht, erhoben oder geschätzt ist, sagt die Grundlage. Nicht gemeldete Kosten sind unbekannt, nicht null: Ist der letzte Monat noch nicht geliefert, fehlt sein Betrag. Im ersten Jahr nach der Einführung sind es weniger als zwölf Monate."

[records]
list = "solution_costs"
--- */
SELECT
    period,
    solution,
    kostenart,
    method,
    sum(amount_eur) AS numerator
FROM mart.solution_cost_month
GROUP BY ALL
