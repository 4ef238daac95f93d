/* The last monthly report not later than each month. Reports are taken whole: carrying single units forward
   would count a dissolved unit beside its successor. */
WITH latest AS (
    SELECT calendar.period, max(report.report_month) AS report_month
    FROM core.calendar AS calendar
    INNER JOIN (SELECT DISTINCT report_month FROM stage.dms_unit) AS report
        ON report.report_month <= calendar.period
    GROUP BY calendar.period
)
SELECT
    latest.period,
    unit.org_unit_id,
    sum(unit.workplaces) AS workplaces,
    sum(unit.workplaces_connected) AS workplaces_connected,
    sum(unit.licences) AS licences,
    sum(unit.licences_used) FILTER (WHERE unit.licences IS NOT NULL) AS licences_used
FROM latest
INNER JOIN stage.dms_unit AS unit ON unit.report_month = latest.report_month
GROUP BY latest.period, unit.org_unit_id
