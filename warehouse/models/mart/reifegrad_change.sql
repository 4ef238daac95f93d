/* Changes of own services per month, told apart by what made them; a service counts with each of its changes. */
SELECT
    CAST(date_trunc('month', change.changed_on) AS DATE) AS period,
    service.org_unit_id,
    service.themenfeld,
    change.reifegrad_modell,
    change.from_modell,
    change.aenderung,
    change.umrechnung,
    coalesce(nullif(concat_ws('–', change.from_von, nullif(change.from_bis, change.from_von)), ''), 'ohne')
        AS from_level,
    concat_ws('–', change.to_von, nullif(change.to_bis, change.to_von)) AS to_level,
    count(*) AS services
FROM core.assessment_change AS change
INNER JOIN stage.service AS service
    ON service.service_id = change.service_id
    AND service.zustaendigkeit = 'eigen'
    AND service.valid_from <= change.changed_on
INNER JOIN core.run AS run ON change.changed_on <= run.business_date
GROUP BY ALL
