/* Plan and forecast per month in the version of the business date, for years long past as well. */
SELECT
    CAST(date_trunc('month', plan.month) AS DATE) AS month,
    plan.haushaltsjahr,
    plan.plan_art,
    plan.produkt,
    plan.position_id,
    plan.kind,
    plan.amount_eur
FROM stage.budget_month AS plan
CROSS JOIN core.run AS run
WHERE plan.made_on <= run.business_date
QUALIFY plan.made_on = max(plan.made_on) OVER (
    PARTITION BY plan.haushaltsjahr, plan.plan_art, plan.produkt, plan.position_id, plan.kind
)
