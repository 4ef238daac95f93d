/* ---
label          = "Verfügbare Personentage"
short          = "Verfügbar"
number         = "RES-03"
question       = "Wie viele Personentage stehen für die OZG-Umsetzung im Monat oder Quartal bereit?"
kind           = "sum"
population     = "personentag"
unit           = "pt"
better         = "none"
over_time      = "sum"
dimensions     = ["role"]
scope          = "city"
numerator_text = "Personentage, die laut Personalplanung im Zeitraum bereitstehen"
meaning        = "Verfügbare Personentage der freigegebenen Personalplanung nach Monat und Rolle, auch für Monate, die noch kommen."
revised        = 2026-06-09
limits         = "Die Personentage sind geplant, nicht geleistet. Für Monate ohne freigegebene Planung gibt es keinen Wert."

[records]
list = "capacities"
--- */
SELECT
    CAST(date_trunc('month', month) AS DATE) AS period,
    role,
    sum(available_pt) AS numerator
FROM core.capacity
GROUP BY ALL
