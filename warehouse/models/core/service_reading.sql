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
    INNER JOIN core.reifegrad_model AS model
        ON model.reifegrad_modell = month.reifegrad_modell
        AND month.reifegrad >= model.lowest
        AND month.reifegrad_bis <= model.highest
),
target AS (
    SELECT reifegrad_modell FROM core.reifegrad_model
    WHERE reifegrad_modell IN (SELECT reifegrad_modell FROM core.service_month)
    UNION
    SELECT DISTINCT to_modell AS reifegrad_modell FROM core.reifegrad_crosswalk
    WHERE from_modell IN (SELECT reifegrad_modell FROM known)
),
other AS (
    SELECT
        target.reifegrad_modell AS to_modell,
        known.period,
        known.service_id,
        known.reifegrad_modell AS from_modell,
        conversion.to_von,
        conversion.to_bis
    FROM known
    INNER JOIN target ON target.reifegrad_modell <> known.reifegrad_modell
    LEFT JOIN core.reifegrad_conversion AS conversion
        ON conversion.from_modell = known.reifegrad_modell
        AND conversion.to_modell = target.reifegrad_modell
        AND conversion.from_von = known.reifegrad
        AND conversion.from_bis = known.reifegrad_bis
    QUALIFY row_number() OVER (
        PARTITION BY target.reifegrad_modell, known.period, known.service_id
        ORDER BY known.assessed_on DESC, conversion.to_von IS NULL, known.reifegrad_modell
    ) = 1
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
        WHEN own.service_id IS NOT NULL THEN 'eigen'
        WHEN other.to_von IS NOT NULL THEN 'umgerechnet'
        WHEN other.service_id IS NOT NULL THEN 'nicht_uebertragbar'
        ELSE 'ohne'
    END AS lesart,
    coalesce(own.reifegrad, other.to_von) AS reifegrad,
    coalesce(own.reifegrad_bis, other.to_bis) AS reifegrad_bis,
    coalesce(own.reifegrad_modell, other.from_modell) AS from_modell
FROM service
CROSS JOIN target
LEFT JOIN known AS own
    ON own.period = service.period
    AND own.service_id = service.service_id
    AND own.reifegrad_modell = target.reifegrad_modell
LEFT JOIN other
    ON own.service_id IS NULL
    AND other.period = service.period
    AND other.service_id = service.service_id
    AND other.to_modell = target.reifegrad_modell
