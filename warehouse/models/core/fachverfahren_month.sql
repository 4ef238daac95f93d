/* Fachverfahren in operation at each month's Stichtag with their connection to each target; grad NULL = not
   recorded. A connection that is not foreseen leaves the denominator, but only with its reason. */
WITH target AS (
    SELECT unnest(['portal', 'steuerung', 'dms']) AS ziel
),
state AS (
    SELECT
        *,
        lead(valid_from) OVER (PARTITION BY fachverfahren_id, ziel ORDER BY valid_from) AS valid_until
    FROM stage.fachverfahren_anbindung
)
SELECT
    calendar.period,
    calendar.is_current,
    system.fachverfahren_id,
    system.org_unit_id,
    target.ziel,
    state.grad,
    state.grund,
    state.valid_from,
    coalesce(state.grad = 'nicht_vorgesehen' AND trim(state.grund) <> '', false) AS left_out
FROM core.calendar AS calendar
INNER JOIN stage.fachverfahren AS system
    ON system.in_betrieb_ab <= calendar.stichtag
    AND (system.abgeloest_am IS NULL OR system.abgeloest_am > calendar.stichtag)
CROSS JOIN target
LEFT JOIN state
    ON state.fachverfahren_id = system.fachverfahren_id
    AND state.ziel = target.ziel
    AND state.valid_from <= calendar.stichtag
    AND coalesce(state.valid_until, DATE '9999-12-31') > calendar.stichtag
