/* Erfüllungsaufwand by the standard cost model: applications × minutes, × wage, + other costs. Rates and wages hold
   from their day until the next. Citizens' time has no wage in the model and is told in hours only. What has no rate,
   or needs a wage the town did not name, has no amount: unknown is not zero. Amounts keep
   parts of a cent: rounded month by month the year would be off. */
WITH volume AS (
    SELECT
        CAST(date_trunc('month', month) AS DATE) AS period,
        org_unit_id, procedure, channel, CAST(sum(applications) AS INTEGER) AS applications
    FROM stage.application_month
    GROUP BY ALL
),
rate AS (
    SELECT
        procedure, channel, addressee, minutes, cost_eur, valid_from,
        lead(valid_from) OVER (PARTITION BY procedure, channel, addressee ORDER BY valid_from) AS until_day
    FROM stage.effort_rate
),
wage AS (
    SELECT
        replace(parameter_id, 'wage_eur_per_hour_', '') AS addressee, amount, valid_from,
        coalesce(valid_to, DATE '9999-12-31') AS valid_to
    FROM core.parameter
    WHERE parameter_id LIKE 'wage_eur_per_hour_%' AND amount IS NOT NULL
)
SELECT
    volume.period,
    volume.org_unit_id,
    volume.procedure,
    volume.channel,
    rate.addressee,
    volume.applications,
    CAST(volume.applications * rate.minutes / 60 AS DECIMAL(18, 4)) AS hours,
    CAST(
        CASE
            WHEN rate.addressee = 'buerger' THEN volume.applications * rate.cost_eur
            ELSE volume.applications * (rate.minutes * wage.amount / 60 + rate.cost_eur)
        END AS DECIMAL(18, 4)
    ) AS cost_eur
FROM volume
LEFT JOIN rate
    ON rate.procedure = volume.procedure AND rate.channel = volume.channel
    AND rate.valid_from <= last_day(volume.period)
    AND coalesce(rate.until_day, DATE '9999-12-31') > last_day(volume.period)
LEFT JOIN wage
    ON wage.addressee = rate.addressee
    AND wage.valid_from <= last_day(volume.period) AND wage.valid_to >= last_day(volume.period)
