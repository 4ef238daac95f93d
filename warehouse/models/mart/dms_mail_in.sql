/* Units of the last monthly report by the state of their digital mail-in. */
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
    unit.mail_in_status,
    count(*) AS units,
    count(*) FILTER (WHERE unit.mail_in_status = 'echtbetrieb') AS live
FROM latest
INNER JOIN stage.dms_unit AS unit ON unit.report_month = latest.report_month
GROUP BY ALL
