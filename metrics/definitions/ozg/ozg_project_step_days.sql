/* ---
label            = "Verweildauer je Projektschritt"
short            = "Tage je Schritt"
number           = "OZG-05"
question         = "Wie lange dauert ein Schritt der Umsetzung?"
kind             = "mean"
population       = "projektschritt_beendet"
unit             = "days"
better           = "lower"
over_time        = "sum"
window_months    = 12
dimensions       = ["step", "org_unit_id"]
scope            = "organisation"
numerator_text   = "Kalendertage vom Beginn bis zum Ende der beendeten Schritte"
denominator_text = "Im Zeitraum beendete Schritte"
meaning          = "Mittlere Zahl der Kalendertage, die ein Projekt in einem Schritt verbringt, gezählt bei den in den letzten zwölf vollen Monaten beendeten Schritten."
revised          = 2026-01-15
limits           = "Noch laufende Schritte sind nicht enthalten; ein Stau zeigt sich hier erst, wenn er sich auflöst."

[records]
list = "projects"
--- */
SELECT
    period,
    org_unit_id,
    step,
    sum(days) AS numerator,
    sum(steps) AS denominator,
    sum(steps) AS n
FROM mart.project_step_done
GROUP BY ALL
