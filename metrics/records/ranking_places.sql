/* ---
label = "Rangliste mit Punkten"
scope = "organisation"
order = ["ranking_id", "place", "title"]
key = ["ranking_id", "object_id"]

[columns]
ranking_id  = { label = "Rangliste", type = "text" }
place       = { label = "Rang", type = "integer" }
object_id   = { label = "Kennung", type = "text" }
title       = { label = "Leistung", type = "text" }
org_unit_id = { label = "Einheit", type = "unit" }
points      = { label = "Punkte", type = "number" }
points_text = { label = "Punkte je Kriterium", type = "text" }
is_complete = { label = "Alle Kriterien bewertet", type = "boolean" }
is_named    = { label = "Unter den genannten Plätzen", type = "boolean" }
reifegrad   = { label = "Reifegrad", type = "integer" }
planned_on  = { label = "Online geplant", type = "date" }
in_project  = { label = "In einem laufenden Projekt", type = "boolean" }
--- */
SELECT
    place.ranking_id,
    place.place,
    place.object_id,
    service.bezeichnung AS title,
    service.org_unit_id,
    place.points,
    place.points_text,
    place.is_complete,
    coalesce(place.place <= ranking.places, false) AS is_named,
    level.reifegrad,
    service.planned_on,
    running.service_id IS NOT NULL AS in_project
FROM mart.ranking_place AS place
INNER JOIN core.ranking AS ranking USING (ranking_id)
INNER JOIN core.service AS service ON service.service_id = place.object_id
LEFT JOIN (
    SELECT month.service_id, max(month.reifegrad) AS reifegrad
    FROM core.service_month AS month
    INNER JOIN core.calendar AS calendar ON calendar.period = month.period AND calendar.is_current
    WHERE month.reifegrad_modell = 'ozg_1_1'
    GROUP BY month.service_id
) AS level ON level.service_id = place.object_id
LEFT JOIN (
    SELECT DISTINCT member.service_id
    FROM core.project_service AS member
    INNER JOIN core.project AS project ON project.project_id = member.project_id
    CROSS JOIN core.run AS run
    WHERE project.started_on <= run.business_date
        AND (project.done_on IS NULL OR project.done_on > run.business_date)
) AS running ON running.service_id = place.object_id
