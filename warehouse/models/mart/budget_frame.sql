/* Verfügungsrahmen per month end: all resolutions up to the Stichtag, by component. */
SELECT
    calendar.period,
    plan.haushaltsjahr,
    plan.plan_art,
    plan.produkt,
    plan.position_id,
    plan.komponente,
    max_by(plan.position, plan.decided_on) AS position,
    sum(plan.amount_eur) AS frame_eur
FROM core.calendar AS calendar
INNER JOIN stage.budget_plan AS plan
    ON plan.decided_on <= calendar.stichtag
    AND calendar.jahr BETWEEN plan.haushaltsjahr - 1 AND plan.haushaltsjahr + 1
GROUP BY
    calendar.period, plan.haushaltsjahr, plan.plan_art, plan.produkt, plan.position_id, plan.komponente
