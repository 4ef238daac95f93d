/* An assessment holds from its day until the day of the next one of the same service in the same model. */
SELECT
    service_id,
    reifegrad_modell,
    reifegrad,
    end_to_end,
    method,
    assessed_on AS valid_from,
    lead(assessed_on) OVER (PARTITION BY service_id, reifegrad_modell ORDER BY assessed_on) AS valid_to,
    min(assessed_on) FILTER (WHERE reifegrad >= 3) OVER (PARTITION BY service_id, reifegrad_modell)
        AS first_online_on
FROM stage.assessment
