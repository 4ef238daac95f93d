/* ---
label = "Umsetzungsprojekte mit Stand"
scope = "organisation"
order = ["started_on", "project_id"]

[columns]
project_id    = { label = "Kennung", type = "text" }
title         = { label = "Projekt", type = "text" }
org_unit_id   = { label = "Einheit", type = "unit" }
service_count = { label = "Leistungen", type = "integer" }
state         = { label = "Stand", type = "text" }
started_on    = { label = "Begonnen am", type = "date" }
planned_on    = { label = "Abschluss geplant", type = "date" }
done_on       = { label = "Abgeschlossen am", type = "date" }
--- */
SELECT
    project.project_id,
    project.title,
    project.org_unit_id,
    project.service_count,
    CASE
        WHEN project.done_on <= run.business_date THEN 'abgeschlossen'
        WHEN project.started_on <= run.business_date AND project.planned_on < run.business_date THEN 'ueberfaellig'
        WHEN project.started_on <= run.business_date THEN 'in_arbeit'
        ELSE 'geplant'
    END AS state,
    project.started_on,
    project.planned_on,
    CASE WHEN project.done_on <= run.business_date THEN project.done_on END AS done_on
FROM core.project AS project
CROSS JOIN core.run AS run
