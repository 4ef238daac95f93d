/* ---
label            = "Gedruckte Summen, die nachgerechnet stimmen"
short            = "Summen stimmen"
number           = "BUD-15"
question         = "Stimmen die gedruckten Summen mit den Einzelwerten überein?"
kind             = "share"
population       = "gedruckte_summe"
unit             = "percent"
better           = "higher"
over_time        = "last"
dimensions       = ["bezug", "city", "haushaltsjahr", "document"]
scope            = "city"
decimals         = 1
numerator_text   = "Gedruckte Summen, die höchstens 3 Euro von der Summe der Einzelwerte abweichen"
denominator_text = "Gedruckte Summen, zu denen Einzelwerte vorliegen"
meaning          = "Jede gedruckte Summe wird aus den Einzelwerten nachgerechnet. Beide Werte bleiben nebeneinander stehen, die Abweichung ist ein Befund."
revised          = 2026-11-15
limits           = "Summen ohne Einzelwerte im Portal sind nicht vergleichbar und zählen nicht. Bis 3 Euro gelten als Rundung. Verglichen wird immer mit den heute geladenen Einzelwerten."

[records]
list = "printed_totals"
counted = { agrees = "true" }
--- */
SELECT
    CAST(date_trunc('month', run.business_date) AS DATE) AS period,
    item.bezug,
    item.city,
    item.haushaltsjahr,
    item.document,
    count(*) FILTER (WHERE item.agrees) AS numerator,
    count(*) AS denominator
FROM mart.printed_total_check AS item
CROSS JOIN core.run AS run
WHERE item.agrees IS NOT NULL
GROUP BY ALL
