/* ---
label            = "Maßnahmen überfällig nach Fristregel"
short            = "Überfällig nach Regel"
number           = "MAS-03"
question         = "Welcher Anteil der Maßnahmen hat seine Frist überschritten, wenn ein Quartal erst mit seinem letzten Tag endet?"
kind             = "share"
population       = "massnahme"
unit             = "percent"
better           = "lower"
over_time        = "last"
dimensions       = ["org_unit_id", "goal", "kind", "genauigkeit"]
choose_one       = { fristregel = "zuletzt_genannt" }
scope            = "organisation"
decimals         = 1
numerator_text   = "Nicht erledigte Maßnahmen, deren Frist nach der gewählten Regel vor dem Stichtag zu Ende ging"
denominator_text = "Alle aufgenommenen und nicht aufgegebenen Maßnahmen"
meaning          = "Anteil der Maßnahmen, deren Frist nach der gewählten Fristregel überschritten ist. Eine Frist nennt einen Tag, Monat, ein Quartal, Halbjahr oder Jahr; überfällig ist die Maßnahme ab dem Tag nach dem letzten Tag dieses Zeitraums. „Fortlaufend bis“ wird an seinem Ende gemessen. Regel „zuletzt_genannt“: Es gilt die bis zum Stichtag zuletzt genannte Frist. Regel „zuerst_genannt“: Verlängerungen ändern nichts."
revised          = 2026-06-09
limits           = "Maßnahmen ohne Frist oder mit einer Frist ohne Tag können nicht überfällig werden. Nennt keine Quelle eine Frist, gilt der Tag der Maßnahmenliste. Anders als MAS-02 zählt für frühere Stichtage die damals genannte Frist."

[records]
list = "measures"
--- */
SELECT
    period,
    org_unit_id,
    goal,
    kind,
    genauigkeit,
    fristregel,
    sum(overdue) AS numerator,
    sum(measures) AS denominator
FROM mart.measure_deadline
GROUP BY ALL
