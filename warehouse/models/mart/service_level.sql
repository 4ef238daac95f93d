/* Own services per month, unit, Themenfeld, model and level; the base of all figures on maturity. */
SELECT
    period,
    org_unit_id,
    themenfeld,
    reifegrad_modell,
    reifegrad,
    is_current,
    count(*) AS services,
    count(*) FILTER (WHERE end_to_end) AS end_to_end,
    count(*) FILTER (WHERE newly_online) AS newly_online,
    count(*) FILTER (WHERE priority_rank <= 20) AS top20,
    count(*) FILTER (WHERE reifegrad = 2 AND missing_count = 1) AS one_block_missing,
    count(end_to_end) AS end_to_end_known
FROM core.service_month
GROUP BY period, org_unit_id, themenfeld, reifegrad_modell, reifegrad, is_current
