/* Months the figures are told for: from the first data month, at least 72 months back, to the business date.
   `stichtag` is the day a month's stock speaks about: its last day, for the current month the business date.
   A stray date of 1900 must not make the calendar explode, hence the floor of 240 months. */
WITH first_data AS (
    SELECT min(day) AS day
    FROM (
        SELECT min(assessed_on) AS day FROM stage.assessment
        UNION ALL SELECT min(decided_on) FROM stage."case"
        UNION ALL SELECT min(month) FROM stage.application_month
        UNION ALL SELECT min(report_month) FROM stage.dms_unit
        UNION ALL SELECT min(month) FROM stage.measurement
        UNION ALL SELECT min(recorded_on) FROM stage.measure
    ) AS days
),
bounds AS (
    SELECT
        run.business_date,
        CAST(date_trunc('month', run.business_date) AS DATE) AS this_month,
        CAST(date_trunc('month', first_data.day) AS DATE) AS data_month
    FROM core.run AS run
    CROSS JOIN first_data
),
months AS (
    SELECT
        business_date,
        this_month,
        CAST(unnest(generate_series(
            CAST(greatest(
                this_month - INTERVAL 240 MONTH,
                least(this_month - INTERVAL 72 MONTH, coalesce(data_month, this_month))
            ) AS TIMESTAMP),
            CAST(this_month AS TIMESTAMP),
            INTERVAL 1 MONTH
        )) AS DATE) AS period
    FROM bounds
)
SELECT
    period,
    last_day(period) AS last_day,
    least(last_day(period), business_date) AS stichtag,
    CAST(year(period) AS BIGINT) AS jahr,
    period = this_month AS is_current
FROM months
