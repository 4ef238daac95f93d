/* Own services at each month's Stichtag with their level in each model; level NULL = not assessed yet.
   Responsibility, unit and Themenfeld are those of today: a service that turned out not to be the city's
   own leaves the past as well, a published snapshot keeps what was reported. */
WITH model AS (
    SELECT 'ozg_1_1' AS reifegrad_modell
    UNION
    SELECT DISTINCT reifegrad_modell FROM stage.assessment
),
online AS (
    SELECT DISTINCT service_id, reifegrad_modell, first_online_on FROM core.assessment_interval
)
SELECT
    calendar.period,
    calendar.stichtag,
    calendar.is_current,
    model.reifegrad_modell,
    service.service_id,
    service.org_unit_id,
    service.themenfeld,
    service.ozg_id,
    service.priority_rank,
    service.missing_count,
    state.reifegrad,
    state.end_to_end,
    online.first_online_on BETWEEN calendar.period AND calendar.stichtag AS newly_online,
    state.reifegrad_bis,
    state.grundlage,
    state.valid_from AS assessed_on
FROM core.calendar AS calendar
INNER JOIN stage.service AS service
    ON service.zustaendigkeit = 'eigen' AND service.valid_from <= calendar.stichtag
CROSS JOIN model
LEFT JOIN core.assessment_interval AS state
    ON state.service_id = service.service_id
    AND state.reifegrad_modell = model.reifegrad_modell
    AND state.valid_from <= calendar.stichtag
    AND coalesce(state.valid_to, DATE '9999-12-31') > calendar.stichtag
LEFT JOIN online
    ON online.service_id = service.service_id AND online.reifegrad_modell = model.reifegrad_modell
