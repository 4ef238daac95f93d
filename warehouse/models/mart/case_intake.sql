/* Cases by month of complete receipt, with how they came. */
SELECT
    CAST(date_trunc('month', received_on) AS DATE) AS period,
    org_unit_id,
    procedure,
    channel,
    count(*) AS n
FROM stage."case"
GROUP BY ALL
