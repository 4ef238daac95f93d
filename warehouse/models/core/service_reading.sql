/* Own services at each month's Stichtag, read in each model: by their own assessment in it, else by the newest
   assessment in another model through the crosswalk. `lesart`: eigen, umgerechnet, nicht_uebertragbar, ohne
   (assessed nowhere). Levels outside the scale of their model, and models nobody declared, say nothing. */
WITH known AS (
    SELECT
        month.period,
        month.reifegrad_modell,
        month.service_id,
        month.reifegrad,
        month.reifegrad_bis,
        month.assessed_on
    FROM core.service_month AS month
    INNER JOIN core.reifegrad_model AS model ON model.reifegrad_modell = month.reifegrad_modell
    WHERE month.reifegrad >= model.lowest AND month.reifegrad_bis <= model.highest
),
used AS (
    SELECT DISTINCT reifegrad_modell FROM core.service_month
),
target AS (
    SELECT model.reifegrad_modell FROM core.reifegrad_model AS model
    INNER JOIN used ON used.reifegrad_modell = model.reifegrad_modell
    UNION
    SELECT crosswalk.to_modell AS reifegrad_modell FROM core.reifegrad_crosswalk AS crosswalk
    INNER JOIN used ON used.reifegrad_modell = crosswalk.from_modell
),
newest AS (
    SELECT
        known.period,
        known.service_id,
        target.reifegrad_modell,
        known.reifegrad_modell AS from_modell,
        known.reifegrad,
        known.reifegrad_bis
    FROM known
    CROSS JOIN target
    QUALIFY row_number() OVER (
        PARTITION BY target.reifegrad_modell, known.period, known.service_id
        ORDER BY
            known.reifegrad_modell = target.reifegrad_modell DESC,
            known.assessed_on DESC,
            known.reifegrad_modell ASC
    ) = 1
),
answer AS (
    SELECT
        newest.period,
        newest.service_id,
        newest.reifegrad_modell,
        newest.from_modell,
        CASE
            WHEN newest.from_modell = newest.reifegrad_modell THEN newest.reifegrad
            ELSE conversion.to_von
        END AS reifegrad,
        CASE
            WHEN newest.from_modell = newest.reifegrad_modell THEN newest.reifegrad_bis
            ELSE conversion.to_bis
        END AS reifegrad_bis
    FROM newest
    LEFT JOIN core.reifegrad_conversion AS conversion
        ON conversion.from_modell = newest.from_modell
        AND conversion.to_modell = newest.reifegrad_modell
        AND conversion.from_von = newest.reifegrad
        AND conversion.from_bis = newest.reifegrad_bis
),
service AS (
    SELECT DISTINCT period, is_current, service_id, org_unit_id, themenfeld FROM core.service_month
)
SELECT
    service.period,
    service.is_current,
    service.service_id,
    service.org_unit_id,
    service.themenfeld,
    target.reifegrad_modell,
    CASE
        WHEN answer.service_id IS NULL THEN 'ohne'
        WHEN answer.from_modell = answer.reifegrad_modell THEN 'eigen'
        WHEN answer.reifegrad IS NULL THEN 'nicht_uebertragbar'
        ELSE 'umgerechnet'
    END AS lesart,
    answer.reifegrad,
    answer.reifegrad_bis,
    answer.from_modell
FROM service
CROSS JOIN target
LEFT JOIN answer
    ON answer.period = service.period
    AND answer.service_id = service.service_id
    AND answer.reifegrad_modell = target.reifegrad_modell
