/* The forecast in force at each Stichtag: of every position the whole version made last until then.
   Versions are never mixed month by month; a forecast is one expectation with one date. */
SELECT
    calendar.period,
    plan.haushaltsjahr,
    plan.plan_art,
    plan.produkt,
    plan.position_id,
    plan.made_on,
    CAST(date_trunc('month', plan.month) AS DATE) AS month,
    plan.amount_eur
FROM core.calendar AS calendar
INNER JOIN stage.budget_month AS plan
    ON plan.kind = 'prognose'
    AND plan.made_on <= calendar.stichtag
    AND calendar.jahr BETWEEN plan.haushaltsjahr - 1 AND plan.haushaltsjahr + 1
QUALIFY plan.made_on = max(plan.made_on) OVER (
    PARTITION BY calendar.period, plan.haushaltsjahr, plan.plan_art, plan.produkt, plan.position_id
)
