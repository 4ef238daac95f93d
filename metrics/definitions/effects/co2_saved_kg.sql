/* ---
label          = "Eingespartes CO₂ durch Papier und Wege"
short          = "CO₂ gespart"
number         = "WIR-17"
question       = "Wie viel CO₂ sparen weniger Papier und weniger Wege?"
kind           = "sum"
population     = "ersparnis"
unit           = "kg"
better         = "higher"
over_time      = "sum"
window_months  = 12
dimensions     = ["cause"]
scope          = "city"
numerator_text = "Blatt × g je Blatt und Wege × km je Weg × g je km, in Kilogramm"
meaning        = "CO₂, das eingespartes Papier und ersparte Wege in zwölf Monaten ausmachen, mit den Parametern der Stadt, die im jeweiligen Monat galten."
revised        = 2026-06-09
limits         = "Alle Faktoren sind Parameter mit Tag und Quelle; das Portal bringt keinen mit. Fehlt einer, fehlt sein Teil und die Summe sagt „unvollständig“. Strom für Server und Endgeräte ist nicht gegengerechnet."

[records]
list = "savings"
--- */
SELECT
    period,
    cause,
    sum(co2_kg) AS numerator,
    CASE WHEN count(co2_kg) < count(*) THEN 'unvollständig' END AS qualifier
FROM mart.saving_month
GROUP BY ALL
