/* Own services per month, unit, Themenfeld and Zielgruppe with what is known of their attributes. Rows of
   different Zielgruppen must not be added up: a service stands under each of its groups and under „alle“. */
SELECT
    month.period,
    month.org_unit_id,
    month.themenfeld,
    target.wert AS zielgruppe,
    count(*) AS services,
    count(state.service_id) AS profiled,
    count(state.loesungsweg) AS way_known,
    count(*) FILTER (WHERE state.loesungsweg = 'efa') AS efa,
    count(state.unterschrift) AS signature_known,
    count(*) FILTER (WHERE state.unterschrift = 'keine') AS signature_free,
    count(*) FILTER (WHERE state.gebuehr <> 'keine' AND state.epayment IS NOT NULL) AS fee,
    count(*) FILTER (WHERE state.gebuehr <> 'keine' AND state.epayment) AS fee_epayment
FROM core.service_own_month AS month
INNER JOIN core.service_value AS target
    ON target.service_id = month.service_id AND target.merkmal = 'zielgruppe'
LEFT JOIN core.service_profile_interval AS state
    ON state.service_id = month.service_id
    AND state.valid_from <= month.stichtag
    AND coalesce(state.valid_until, DATE '9999-12-31') > month.stichtag
GROUP BY ALL
