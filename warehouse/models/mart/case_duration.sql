/* Decided cases by month of decision, as buckets of calendar days from complete receipt to decision. */
SELECT
    CAST(date_trunc('month', decided.decided_on) AS DATE) AS period,
    decided.org_unit_id,
    decided.procedure,
    decided.channel,
    date_diff('day', decided.received_on, decided.decided_on) AS days,
    count(*) AS n
FROM stage."case" AS decided
CROSS JOIN core.run AS run
WHERE decided.decided_on <= run.business_date AND decided.decided_on >= decided.received_on
GROUP BY ALL
