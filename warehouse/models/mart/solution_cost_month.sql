/* Running cost of a solution per month, from its introduction on: before that it is project cost. What
   retired systems no longer cost counts against it. */
SELECT
    CAST(date_trunc('month', cost.month) AS DATE) AS period,
    cost.solution_id,
    cost.solution,
    cost.introduced_on,
    cost.kostenart,
    cost.method,
    CASE WHEN cost.kostenart = 'ersparnis' THEN -cost.amount_eur ELSE cost.amount_eur END AS amount_eur
FROM stage.solution_cost AS cost
CROSS JOIN core.run AS run
WHERE cost.month <= run.business_date AND last_day(cost.month) >= cost.introduced_on
