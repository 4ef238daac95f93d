/* Monthly reports that are expected: of whoever reported in the twelve months before the last full one. */
WITH report AS (
    SELECT 'dms_unit' AS subject, org_unit_id, CAST(date_trunc('month', report_month) AS DATE) AS of_month
    FROM core.dms_unit
    UNION ALL
    SELECT 'application_month', org_unit_id, CAST(date_trunc('month', month) AS DATE)
    FROM core.application_month
),
due AS (
    SELECT
        CAST(date_trunc('month', business_date) AS DATE) AS period,
        CAST(date_trunc('month', business_date) - INTERVAL 1 MONTH AS DATE) AS last_month,
        CAST(date_trunc('month', business_date) - INTERVAL 13 MONTH AS DATE) AS first_month
    FROM core.run
)
SELECT
    due.period,
    report.subject,
    report.org_unit_id,
    max(report.of_month) AS last_month,
    bool_or(report.of_month = due.last_month) AS is_there
FROM report
INNER JOIN due ON report.of_month BETWEEN due.first_month AND due.last_month
INNER JOIN core.org_unit_current AS unit ON unit.unit_id = report.org_unit_id AND unit.active
GROUP BY ALL
