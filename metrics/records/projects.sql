/* ---
label = "Umsetzungsprojekte"
scope = "organisation"
order = ["planned_on", "title"]
key = ["project_id"]
subject = "project"

[columns]
project_id    = { label = "Kennung", type = "text" }
title         = { label = "Projekt", type = "text" }
org_unit_id   = { label = "Fachdienst", type = "unit" }
status        = { label = "Stand", type = "text" }
state         = { label = "Stand mit Frist", type = "text" }
step          = { label = "Schritt", type = "text" }
service_count = { label = "Leistungen", type = "integer", sum = true }
started_on    = { label = "begonnen", type = "date" }
planned_on    = { label = "Abschluss geplant", type = "date" }
done_on       = { label = "abgeschlossen", type = "date" }
--- */
WITH open_step AS (
    SELECT step.project_id, max_by(step.step, step.entered_on) AS step
    FROM core.project_step AS step
    CROSS JOIN core.run AS run
    WHERE step.entered_on <= run.business_date
        AND (step.left_on IS NULL OR step.left_on > run.business_date)
    GROUP BY step.project_id
),
state AS (
    SELECT
        project.*,
        run.business_date,
        CASE
            WHEN project.done_on <= run.business_date THEN 'erledigt'
            WHEN project.started_on <= run.business_date THEN 'laufend'
            ELSE 'offen'
        END AS status
    FROM core.project AS project
    CROSS JOIN core.run AS run
)
SELECT
    state.project_id,
    state.title,
    state.org_unit_id,
    state.status,
    CASE
        WHEN state.status = 'erledigt' THEN 'abgeschlossen'
        WHEN state.status = 'offen' THEN 'geplant'
        WHEN state.planned_on < state.business_date THEN 'ueberfaellig'
        ELSE 'in_arbeit'
    END AS state,
    CASE WHEN state.status = 'laufend' THEN coalesce(open_step.step, 'ohne') END AS step,
    state.service_count,
    state.started_on,
    state.planned_on,
    CASE WHEN state.status = 'erledigt' THEN state.done_on END AS done_on
FROM state
LEFT JOIN open_step ON open_step.project_id = state.project_id
