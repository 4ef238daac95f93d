/* Projects per month, unit, status and current step. Of several open steps the one entered last counts. */
WITH open_step AS (
    SELECT calendar.period, step.project_id, max_by(step.step, step.entered_on) AS step
    FROM core.calendar AS calendar
    INNER JOIN stage.project_step AS step
        ON step.entered_on <= calendar.stichtag
        AND (step.left_on IS NULL OR step.left_on > calendar.stichtag)
    GROUP BY calendar.period, step.project_id
),
state AS (
    SELECT
        calendar.period,
        project.project_id,
        project.org_unit_id,
        CASE
            WHEN project.done_on <= calendar.stichtag THEN 'erledigt'
            WHEN project.started_on <= calendar.stichtag THEN 'laufend'
            ELSE 'offen'
        END AS status
    FROM core.calendar AS calendar
    CROSS JOIN stage.project AS project
)
SELECT
    state.period,
    state.org_unit_id,
    state.status,
    CASE WHEN state.status = 'laufend' THEN coalesce(open_step.step, 'ohne') END AS step,
    count(*) AS projects
FROM state
LEFT JOIN open_step ON open_step.period = state.period AND open_step.project_id = state.project_id
GROUP BY ALL
