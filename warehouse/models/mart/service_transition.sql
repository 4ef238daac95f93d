/* Level at the end of the previous year against the level at each month's Stichtag.
   'neu' = not on the list at the end of that year, 'ohne' = on the list, not assessed. */
WITH pair AS (
    SELECT
        today.period,
        today.org_unit_id,
        today.themenfeld,
        today.reifegrad_modell,
        past.service_id IS NULL AS is_new,
        past.reifegrad AS from_reifegrad,
        today.reifegrad AS to_reifegrad
    FROM core.service_month AS today
    LEFT JOIN core.service_month AS past
        ON past.service_id = today.service_id
        AND past.reifegrad_modell = today.reifegrad_modell
        AND past.period = CAST(date_trunc('year', today.period) - INTERVAL 1 MONTH AS DATE)
    WHERE today.period >= (
        SELECT CAST(date_trunc('year', min(period) + INTERVAL 12 MONTH) AS DATE) FROM core.calendar
    )
)
SELECT
    period,
    org_unit_id,
    themenfeld,
    reifegrad_modell,
    CASE WHEN is_new THEN 'neu' ELSE coalesce(CAST(from_reifegrad AS VARCHAR), 'ohne') END AS from_level,
    coalesce(CAST(to_reifegrad AS VARCHAR), 'ohne') AS to_level,
    CASE
        WHEN to_reifegrad >= 3 AND coalesce(from_reifegrad, 0) < 3 THEN 'neu_online'
        WHEN to_reifegrad < from_reifegrad THEN 'zurueckgestuft'
        WHEN to_reifegrad > from_reifegrad THEN 'hoeher'
        WHEN is_new OR from_reifegrad IS DISTINCT FROM to_reifegrad THEN 'neu_erfasst'
        ELSE 'gleich'
    END AS wechsel,
    count(*) AS services
FROM pair
GROUP BY ALL
