/* ---
label            = "Fachdienste mit Meldung"
short            = "Gemeldet"
number           = "DQ-04"
question         = "Wie viele Fachdienste haben für den letzten vollen Monat gemeldet?"
kind             = "share"
population       = "fachdienst_meldend"
unit             = "percent"
better           = "higher"
over_time        = "last"
dimensions       = ["subject", "org_unit_id"]
scope            = "organisation"
numerator_text   = "Erwartete Meldungen, die für den letzten vollen Monat vorliegen"
denominator_text = "Erwartete Meldungen: je Meldung und Fachdienst eine, wenn er in den zwölf Monaten davor gemeldet hat"
meaning          = "Anteil der monatlichen Meldungen (DMS-Bericht, Antragsstatistik), die für den letzten vollen Monat vorliegen; die Abdeckung nennt sie als „x von y“."
revised          = 2026-06-09
limits           = "Wer noch nie gemeldet hat, wird nicht erwartet; aufgelöste Fachdienste auch nicht. Ob eine Meldung vollständig ist, wird nicht geprüft."
--- */
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
),
expected AS (
    SELECT due.period, report.subject, report.org_unit_id, bool_or(report.of_month = due.last_month) AS is_there
    FROM report
    INNER JOIN due ON report.of_month BETWEEN due.first_month AND due.last_month
    INNER JOIN core.org_unit_current AS unit ON unit.unit_id = report.org_unit_id AND unit.active
    GROUP BY ALL
)
SELECT
    period,
    subject,
    org_unit_id,
    count(*) FILTER (WHERE is_there) AS numerator,
    count(*) AS denominator,
    count(*) FILTER (WHERE is_there) AS known
FROM expected
GROUP BY ALL
