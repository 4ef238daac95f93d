/* Own services with a target level in force at each month's Stichtag, against their level in the same model. */
SELECT
    month.period,
    month.org_unit_id,
    month.themenfeld,
    month.reifegrad_modell,
    target.soll_art,
    month.is_current,
    count(*) AS services,
    count(model.reifegrad_modell) AS assessed,
    count(*) FILTER (WHERE model.lowest IS NOT NULL AND month.reifegrad >= target.reifegrad) AS reached,
    count(*) FILTER (WHERE model.lowest IS NOT NULL AND month.reifegrad_bis >= target.reifegrad) AS possible
FROM core.service_month AS month
INNER JOIN core.calendar AS calendar ON calendar.period = month.period
INNER JOIN core.reifegrad_target_interval AS target
    ON target.service_id = month.service_id
    AND target.reifegrad_modell = month.reifegrad_modell
    AND target.valid_from <= calendar.stichtag
    AND (target.valid_until IS NULL OR target.valid_until > calendar.stichtag)
LEFT JOIN core.reifegrad_model AS model
    ON model.reifegrad_modell = month.reifegrad_modell
    AND month.reifegrad >= model.lowest
    AND month.reifegrad_bis <= model.highest
GROUP BY ALL
