/* A target level holds from its day until its last day, or until the next of the same service, model and
   kind. `valid_until` is the first day it no longer holds, empty = still. */
SELECT
    service_id,
    reifegrad_modell,
    soll_art,
    reifegrad,
    quelle,
    valid_from,
    least(
        CAST(valid_to + INTERVAL 1 DAY AS DATE),
        lead(valid_from) OVER (PARTITION BY service_id, reifegrad_modell, soll_art ORDER BY valid_from)
    ) AS valid_until
FROM stage.reifegrad_target
