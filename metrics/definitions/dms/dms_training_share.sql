/* ---
label            = "Schulungsstand"
short            = "Schulung"
number           = "DMS-04"
question         = "Welcher Anteil der Mitarbeitenden ist für das DMS geschult?"
kind             = "share"
population       = "schulung"
unit             = "percent"
better           = "higher"
over_time        = "last"
dimensions       = ["org_unit_id"]
choose_one       = { topic = "dms" }
scope            = "organisation"
decimals         = 1
numerator_text   = "Geschulte Mitarbeitende laut letztem Monatsbericht"
denominator_text = "Zu schulende Mitarbeitende laut letztem Monatsbericht"
meaning          = "Anteil der zu schulenden Mitarbeitenden, die zum gewählten Thema geschult sind; ohne Wahl zum DMS. Themen werden nie zusammengezählt, weil dieselben Menschen in mehreren geschult werden."
revised          = 2026-06-09
limits           = "Geschult heißt teilgenommen, nicht sicher im Umgang. Gruppen unter zehn Personen werden nicht geliefert; es gibt keine Auswertung nach Personen."

[records]
list = "dms_rollout"
only = { topic = "dms" }
--- */
SELECT
    period,
    org_unit_id,
    topic,
    sum(people_trained) AS numerator,
    sum(people_planned) AS denominator
FROM mart.training_month
GROUP BY ALL
