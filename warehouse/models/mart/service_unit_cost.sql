/* Money and output of a procedure per month: cost from the Kostenrechnung, decided cases from the
   Fachverfahren. Only months whose cost is told, from the first to the last month the procedure is known to have
   decided in: beyond them nobody knows whether it decided nothing or delivered nothing. A month without a
   decision in between has its cost and no case. */
WITH cost AS (
    SELECT
        CAST(date_trunc('month', cost.month) AS DATE) AS period,
        cost.procedure,
        cost.org_unit_id,
        sum(cost.amount_eur) AS cost_eur
    FROM stage.service_cost AS cost
    CROSS JOIN core.run AS run
    WHERE cost.month <= run.business_date
    GROUP BY ALL
),
named AS (
    SELECT procedure, coalesce(max(bezeichnung), procedure) AS leistung
    FROM stage.service_cost
    GROUP BY procedure
),
output AS (
    SELECT
        CAST(date_trunc('month', decided.decided_on) AS DATE) AS period,
        decided.procedure,
        decided.org_unit_id,
        count(*) AS cases
    FROM stage."case" AS decided
    CROSS JOIN core.run AS run
    WHERE decided.decided_on <= run.business_date
    GROUP BY ALL
)
SELECT
    cost.period,
    cost.procedure,
    named.leistung,
    cost.org_unit_id,
    cost.cost_eur,
    coalesce(output.cases, 0) AS cases
FROM cost
INNER JOIN named ON named.procedure = cost.procedure
INNER JOIN (
    SELECT procedure, org_unit_id, min(period) AS first_period, max(period) AS last_period
    FROM output
    GROUP BY procedure, org_unit_id
) AS counted
    ON counted.procedure = cost.procedure AND counted.org_unit_id = cost.org_unit_id
    AND cost.period BETWEEN counted.first_period AND counted.last_period
LEFT JOIN output
    ON output.period = cost.period AND output.procedure = cost.procedure
    AND output.org_unit_id = cost.org_unit_id
