/* Own services per month, unit, Themenfeld and block of the portal (Nutzerkonto, Postfach, eID, ePayment):
   for how many it is known whether they offer it, and how many do. Rows of different blocks are never added. */
WITH state AS (
    SELECT
        month.period,
        month.org_unit_id,
        month.themenfeld,
        profile.nutzerkonto,
        profile.postfach,
        profile.eid,
        profile.epayment
    FROM core.service_own_month AS month
    INNER JOIN core.service_profile_interval AS profile
        ON profile.service_id = month.service_id
        AND profile.valid_from <= month.stichtag
        AND (profile.valid_until IS NULL OR profile.valid_until > month.stichtag)
),
block AS (
    SELECT period, org_unit_id, themenfeld, 'nutzerkonto' AS baustein, nutzerkonto AS offered FROM state
    UNION ALL
    SELECT period, org_unit_id, themenfeld, 'postfach' AS baustein, postfach AS offered FROM state
    UNION ALL
    SELECT period, org_unit_id, themenfeld, 'eid' AS baustein, eid AS offered FROM state
    UNION ALL
    SELECT period, org_unit_id, themenfeld, 'epayment' AS baustein, epayment AS offered FROM state
)
SELECT
    period,
    org_unit_id,
    themenfeld,
    baustein,
    count(offered) AS known,
    count(*) FILTER (WHERE offered) AS offered
FROM block
GROUP BY ALL
