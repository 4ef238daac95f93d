/* ---
label            = "Umsetzungsprojekte nach Stand"
short            = "Projektstand"
number           = "OZG-08"
question         = "Wie viele Umsetzungsprojekte sind erledigt, laufen oder sind noch offen?"
kind             = "distribution"
population       = "umsetzungsprojekt"
unit             = "percent"
better           = "none"
over_time        = "last"
dimensions       = ["org_unit_id"]
scope            = "organisation"
decimals         = 1
numerator_text   = "Umsetzungsprojekte mit dem jeweiligen Stand am Stichtag"
denominator_text = "Alle Umsetzungsprojekte der Projektliste"
meaning          = "Umsetzungsprojekte nach ihrem Stand: erledigt (abgeschlossen), laufend (begonnen), offen (noch nicht begonnen)."
revised          = 2026-01-15
limits           = "Der Nenner ist die heutige Projektliste, auch für frühere Stichtage."

[records]
list = "projects"
columns = { bucket = "status" }
--- */
SELECT
    period,
    org_unit_id,
    status AS bucket,
    sum(projects) AS numerator
FROM mart.project_status
GROUP BY ALL
