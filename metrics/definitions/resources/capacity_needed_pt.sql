/* ---
label          = "Benötigte Personentage"
short          = "Bedarf"
number         = "RES-02"
question       = "Wie viele Personentage braucht die OZG-Umsetzung im Monat oder Quartal?"
kind           = "sum"
population     = "personentag"
unit           = "pt"
better         = "none"
over_time      = "sum"
dimensions     = ["role"]
scope          = "city"
numerator_text = "Personentage, die laut Personalplanung im Zeitraum gebraucht werden"
meaning        = "Bedarf der freigegebenen Personalplanung nach Monat und Rolle, auch für Monate, die noch kommen."
revised        = 2026-06-09
limits         = "Der Bedarf ist geplant, nicht gemessen. Für Monate ohne freigegebene Planung gibt es keinen Wert."

[records]
list = "capacities"
--- */
SELECT
    CAST(date_trunc('month', month) AS DATE) AS period,
    role,
    sum(needed_pt) AS numerator
FROM core.capacity
GROUP BY ALL
