/* Bundles of the catalogue that own services belong to; a bundle is online from one own service online. */
WITH bundle AS (
    SELECT
        service.period,
        service.reifegrad_modell,
        service.ozg_id,
        max(service.reifegrad) AS best_reifegrad
    FROM core.service_month AS service
    WHERE service.ozg_id IS NOT NULL
    GROUP BY service.period, service.reifegrad_modell, service.ozg_id
)
SELECT
    bundle.period,
    bundle.reifegrad_modell,
    catalog.themenfeld,
    count(*) AS bundles,
    count(bundle.best_reifegrad) AS assessed,
    count(*) FILTER (WHERE bundle.best_reifegrad >= 3) AS online
FROM bundle
INNER JOIN stage.ozg_bundle AS catalog ON catalog.ozg_id = bundle.ozg_id
GROUP BY bundle.period, bundle.reifegrad_modell, catalog.themenfeld
