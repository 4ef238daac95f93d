/* ---
label            = "Maßnahmen überfällig"
short            = "Maßnahmen überfällig"
number           = "MAS-02"
question         = "Welcher Anteil der Maßnahmen hat seine Frist überschritten?"
kind             = "share"
population       = "massnahme"
unit             = "percent"
better           = "lower"
over_time        = "last"
dimensions       = ["org_unit_id", "goal", "kind"]
scope            = "organisation"
decimals         = 1
numerator_text   = "Maßnahmen, deren Frist am Stichtag abgelaufen ist und die nicht erledigt sind"
denominator_text = "Alle aufgenommenen und nicht aufgegebenen Maßnahmen"
meaning          = "Anteil der Maßnahmen des Umsetzungsfahrplans, deren Frist vor dem Stichtag lag und die weder erledigt noch aufgegeben sind."
revised          = 2026-01-15
limits           = "Am Tag der Frist ist eine Maßnahme noch nicht überfällig. Maßnahmen ohne Frist können nicht überfällig werden. Für frühere Stichtage gilt die heutige Frist."

[records]
list = "measures"
counted = { is_overdue = "true" }
--- */
SELECT
    period,
    org_unit_id,
    goal,
    kind,
    sum(overdue) AS numerator,
    sum(measures) AS denominator
FROM mart.measure_status
GROUP BY ALL
