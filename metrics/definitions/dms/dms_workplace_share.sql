/* ---
label            = "Büroarbeitsplätze am DMS"
short            = "DMS: Arbeitsplätze"
number           = "DMS-01"
question         = "Welcher Anteil der Büroarbeitsplätze ist an das DMS angebunden?"
kind             = "share"
population       = "bueroarbeitsplatz"
unit             = "percent"
better           = "higher"
over_time        = "last"
dimensions       = ["org_unit_id"]
scope            = "organisation"
decimals         = 1
numerator_text   = "Angebundene Büroarbeitsplätze im letzten Monatsbericht"
denominator_text = "Alle Büroarbeitsplätze im letzten Monatsbericht"
meaning          = "Anteil der Büroarbeitsplätze, an denen mit der elektronischen Akte gearbeitet werden kann. Arbeitsplätze sind keine Lizenzen; beide haben ihren eigenen Nenner."
revised          = 2026-01-15
limits           = "Es zählt der letzte Monatsbericht vor dem Stichtag. Einheiten, die darin fehlen, fehlen auch im Nenner."

[records]
list = "dms_rollout"
--- */
SELECT
    period,
    org_unit_id,
    sum(workplaces_connected) AS numerator,
    sum(workplaces) AS denominator
FROM mart.dms_month
GROUP BY ALL
