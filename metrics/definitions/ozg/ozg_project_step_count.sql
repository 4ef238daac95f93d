/* ---
label            = "Laufende Umsetzungsprojekte nach Schritt"
short            = "Projekte je Schritt"
number           = "OZG-04"
question         = "In welchem Schritt stehen die laufenden Umsetzungsprojekte?"
kind             = "distribution"
population       = "umsetzungsprojekt_laufend"
unit             = "percent"
better           = "none"
over_time        = "last"
dimensions       = ["org_unit_id"]
scope            = "organisation"
decimals         = 1
numerator_text   = "Laufende Umsetzungsprojekte im jeweiligen Schritt"
denominator_text = "Alle am Stichtag laufenden Umsetzungsprojekte"
meaning          = "Begonnene und noch nicht abgeschlossene Projekte nach dem Schritt, in dem sie am Stichtag stehen. Wo sich Projekte stauen, ist der Engpass."
revised          = 2026-01-15
limits           = "Sind mehrere Schritte zugleich offen, zählt der zuletzt begonnene. „ohne“ heißt: begonnen, aber in keinem Schritt."

[records]
list = "projects"
columns = { bucket = "step" }
where = { status = "laufend" }
--- */
SELECT
    period,
    org_unit_id,
    step AS bucket,
    sum(projects) AS numerator
FROM mart.project_status
WHERE status = 'laufend'
GROUP BY ALL
