/* The last report of each topic not later than each month. */
WITH latest AS (
    SELECT calendar.period, report.topic, max(report.report_month) AS report_month
    FROM core.calendar AS calendar
    INNER JOIN (SELECT DISTINCT topic, report_month FROM stage.training) AS report
        ON report.report_month <= calendar.period
    GROUP BY calendar.period, report.topic
)
SELECT
    latest.period,
    training.org_unit_id,
    training.topic,
    sum(training.people_planned) AS people_planned,
    sum(training.people_trained) AS people_trained
FROM latest
INNER JOIN stage.training AS training
    ON training.report_month = latest.report_month AND training.topic = latest.topic
GROUP BY ALL
