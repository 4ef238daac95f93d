/* What the description of a service and the online services offered for it let expect of its Reifegrad.
   XZuFi carries no Reifegrad: this is an estimate for finding what to assess, never a figure of its own.
   Only online services with an address, valid today, and offered by a responsibility valid today count. */
WITH offer AS (
    SELECT
        unnest(string_split(concat_ws(' ', description_id, description_weitere), ' ')) AS description_id,
        parent_id AS online_service_id
    FROM stage.responsibility
    CROSS JOIN core.run AS run
    WHERE
        coalesce(valid_from <= run.business_date, true) AND coalesce(valid_to >= run.business_date, true)
    UNION
    SELECT
        unnest(string_split(description_ids, ' ')) AS description_id,
        online_service_id
    FROM stage.online_service
),
online AS (
    SELECT
        offer.description_id,
        count(DISTINCT service.online_service_id) AS online_services
    FROM offer
    INNER JOIN stage.online_service AS service ON service.online_service_id = offer.online_service_id
    CROSS JOIN core.run AS run
    WHERE
        service.url IS NOT NULL
        AND coalesce(service.valid_from <= run.business_date, true)
        AND coalesce(service.valid_to >= run.business_date, true)
    GROUP BY offer.description_id
)
SELECT
    description.description_id,
    description.leika_schluessel,
    description.bezeichnung,
    coalesce(online.online_services, 0) AS online_services,
    CASE WHEN online.online_services > 0 THEN 3 ELSE description.reifegrad_geschaetzt END
        AS reifegrad_geschaetzt,
    CASE
        WHEN online.online_services > 0 THEN 'onlinedienst'
        WHEN description.reifegrad_geschaetzt = 2 THEN 'formular'
        WHEN description.reifegrad_geschaetzt = 1 THEN 'beschreibung'
    END AS geschaetzt_aus,
    description._source
FROM stage.service_description AS description
LEFT JOIN online ON online.description_id = description.description_id
