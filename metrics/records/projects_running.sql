/* ---
label = "Laufende Umsetzungsprojekte"
scope = "organisation"
order = ["planned_on", "title"]
key = ["project_id"]
subject = "project"

[columns]
project_id    = { label = "Kennung", type = "text" }
title         = { label = "Projekt", type = "text" }
org_unit_id   = { label = "Fachdienst", type = "unit" }
service_count = { label = "Leistungen", type = "integer", sum = true }
step          = { label = "Schritt", type = "text" }
step_since    = { label = "im Schritt seit", type = "date" }
started_on    = { label = "begonnen", type = "date" }
planned_on    = { label = "Abschluss geplant", type = "date" }
--- */
WITH open_step AS (
    SELECT step.project_id, max_by(step.step, step.entered_on) AS step, max(step.entered_on) AS step_since
    FROM core.project_step AS step
    CROSS JOIN core.run AS run
    WHERE step.entered_on <= run.business_date
        AND (step.left_on IS NULL OR step.left_on > run.business_date)
    GROUP BY step.project_id
)
SELECT
    project.project_id,
    project.title,
    project.org_unit_id,
    project.service_count,
    open_step.step,
    open_step.step_since,
    project.started_on,
    project.planned_on
FROM core.project AS project
CROSS JOIN core.run AS run
LEFT JOIN open_step ON open_step.project_id = project.project_id
WHERE project.started_on <= run.business_date
    AND (project.done_on IS NULL OR project.done_on > run.business_date)
