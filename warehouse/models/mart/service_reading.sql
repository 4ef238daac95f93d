/* Own services per month read in each model: `reached` surely meets its threshold, `possible` may meet it.
   What is not convertible may meet any threshold. */
SELECT
    reading.period,
    reading.org_unit_id,
    reading.themenfeld,
    reading.reifegrad_modell,
    reading.lesart,
    reading.is_current,
    count(*) AS services,
    count(*) FILTER (WHERE reading.reifegrad >= model.fulfilled_from) AS reached,
    count(*) FILTER (
        WHERE reading.reifegrad_bis >= model.fulfilled_from OR reading.lesart = 'nicht_uebertragbar'
    ) AS possible
FROM core.service_reading AS reading
INNER JOIN core.reifegrad_model AS model ON model.reifegrad_modell = reading.reifegrad_modell
GROUP BY ALL
