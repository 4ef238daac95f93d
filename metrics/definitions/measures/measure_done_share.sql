/* ---
label            = "Maßnahmen erledigt"
short            = "Maßnahmen erledigt"
number           = "MAS-01"
question         = "Welcher Anteil der Maßnahmen ist erledigt?"
kind             = "share"
population       = "massnahme"
unit             = "percent"
better           = "higher"
over_time        = "last"
dimensions       = ["org_unit_id", "goal", "kind"]
scope            = "organisation"
decimals         = 1
numerator_text   = "Am Stichtag erledigte Maßnahmen"
denominator_text = "Alle aufgenommenen und nicht aufgegebenen Maßnahmen"
meaning          = "Anteil der Maßnahmen des Umsetzungsfahrplans, die am Stichtag erledigt sind."
revised          = 2026-01-15
limits           = "Aufgegebene Maßnahmen zählen ab dem Tag ihrer Aufgabe nicht mehr mit."

[records]
list = "measures"
counted = { is_done = "true" }
--- */
SELECT
    period,
    org_unit_id,
    goal,
    kind,
    sum(done) AS numerator,
    sum(measures) AS denominator
FROM mart.measure_status
GROUP BY ALL
