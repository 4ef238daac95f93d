/* ---
label            = "Umsetzungsprojekte abgeschlossen"
short            = "Projekte fertig"
number           = "OZG-03"
question         = "Welcher Anteil der Umsetzungsprojekte ist abgeschlossen?"
kind             = "share"
population       = "umsetzungsprojekt"
unit             = "percent"
better           = "higher"
over_time        = "last"
dimensions       = ["org_unit_id"]
scope            = "organisation"
decimals         = 1
numerator_text   = "Am Stichtag abgeschlossene Umsetzungsprojekte"
denominator_text = "Alle Umsetzungsprojekte der Projektliste"
meaning          = "Anteil der Projekte, die am Stichtag abgeschlossen sind. Ein Projekt bringt eine oder mehrere Einzelleistungen online."
revised          = 2026-01-15
limits           = "Der Nenner ist die heutige Projektliste, auch für frühere Stichtage."

[records]
list = "projects"
counted = { status = "erledigt" }
--- */
SELECT
    period,
    org_unit_id,
    coalesce(sum(projects) FILTER (WHERE status = 'erledigt'), 0) AS numerator,
    sum(projects) AS denominator
FROM mart.project_status
GROUP BY ALL
