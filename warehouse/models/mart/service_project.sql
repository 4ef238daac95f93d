/* Own services per month, unit and Themenfeld, and those at least one begun project takes care of.
   A service of several projects counts once. */
SELECT
    month.period,
    month.org_unit_id,
    month.themenfeld,
    count(*) AS services,
    count(*) FILTER (WHERE EXISTS (
        SELECT 1
        FROM stage.project_service AS member
        INNER JOIN stage.project AS project ON project.project_id = member.project_id
        WHERE member.service_id = month.service_id AND project.started_on <= month.stichtag
    )) AS in_project
FROM core.service_own_month AS month
GROUP BY ALL
