/* Steps that were left, by the month they were left in, with the days spent. */
SELECT
    CAST(date_trunc('month', step.left_on) AS DATE) AS period,
    project.org_unit_id,
    step.step,
    count(*) AS steps,
    sum(date_diff('day', step.entered_on, step.left_on)) AS days
FROM stage.project_step AS step
INNER JOIN stage.project AS project ON project.project_id = step.project_id
CROSS JOIN core.run AS run
WHERE step.left_on <= run.business_date AND step.left_on >= step.entered_on
GROUP BY ALL
