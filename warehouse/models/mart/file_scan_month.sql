/* The last report of scanned files not later than each month, taken whole. */
WITH latest AS (
    SELECT calendar.period, max(report.report_month) AS report_month
    FROM core.calendar AS calendar
    INNER JOIN (SELECT DISTINCT report_month FROM stage.file_scan) AS report
        ON report.report_month <= calendar.period
    GROUP BY calendar.period
)
SELECT
    latest.period,
    unit.org_unit_id,
    sum(unit.files_planned) AS files_planned,
    sum(unit.files_scanned) AS files_scanned
FROM latest
INNER JOIN stage.file_scan AS unit ON unit.report_month = latest.report_month
GROUP BY latest.period, unit.org_unit_id
