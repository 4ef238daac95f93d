/* ---
label          = "Ersparte Wege"
short          = "Wege gespart"
number         = "WIR-16"
question       = "Wie viele Wege zum Amt ersparen Online-Anträge?"
kind           = "sum"
population     = "ersparnis"
unit           = "count"
better         = "higher"
over_time      = "sum"
window_months  = 12
dimensions     = []
scope          = "city"
numerator_text = "Online-Anträge × ersparte Wege je Online-Antrag"
meaning        = "Wege zum Amt, die Online-Anträge in zwölf Monaten erspart haben: gezählte Online-Anträge mal Parameter der Stadt."
revised        = 2026-06-09
limits         = "Gezählt sind die Anträge, geschätzt ist der Anteil, der sonst gekommen wäre; der Parameter trägt Tag und Quelle. Ohne Parameter gibt es keinen Wert."

[records]
list = "applications"
where = { channel = "online" }
--- */
SELECT
    period,
    sum(amount) AS numerator,
    CASE WHEN count(amount) < count(*) THEN 'unvollständig' END AS qualifier
FROM mart.saving_month
WHERE cause = 'wege'
GROUP BY ALL
