/* Own services per month, unit, Themenfeld and model by the range of their level. `reached` surely meets the
   threshold of the model, `possible` may meet it. */
SELECT
    month.period,
    month.org_unit_id,
    month.themenfeld,
    month.reifegrad_modell,
    CASE WHEN model.reifegrad_modell IS NOT NULL THEN month.reifegrad END AS reifegrad,
    CASE WHEN model.reifegrad_modell IS NOT NULL THEN month.reifegrad_bis END AS reifegrad_bis,
    CASE WHEN model.reifegrad_modell IS NOT NULL THEN month.grundlage END AS grundlage,
    month.is_current,
    count(*) AS services,
    count(*) FILTER (WHERE month.reifegrad >= model.fulfilled_from) AS reached,
    count(*) FILTER (WHERE month.reifegrad_bis >= model.fulfilled_from) AS possible
FROM core.service_month AS month
LEFT JOIN core.reifegrad_model AS model
    ON model.reifegrad_modell = month.reifegrad_modell
    AND month.reifegrad >= model.lowest
    AND month.reifegrad_bis <= model.highest
GROUP BY ALL
