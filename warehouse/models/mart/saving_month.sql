/* Paper and trips saved per month, and the CO₂ that follows. Paper: baseline of the effect minus what was
   measured in the month, from the first full month after the introduction. Trips: online applications × trips each of
   them saves. A parameter holds from its day on; without it there is no amount. */
WITH parameter AS (
    SELECT calendar.period, parameter.parameter_id, parameter.amount
    FROM core.calendar AS calendar
    INNER JOIN core.parameter AS parameter
        ON parameter.valid_from <= calendar.last_day
        AND (parameter.valid_to IS NULL OR parameter.valid_to >= calendar.last_day)
),
per_month AS (
    SELECT
        calendar.period,
        CAST(max(amount) FILTER (WHERE parameter_id = 'co2_g_per_sheet') AS DECIMAL(10, 4)) AS g_per_sheet,
        CAST(max(amount) FILTER (WHERE parameter_id = 'co2_g_per_km') AS DECIMAL(8, 2)) AS g_per_km,
        CAST(max(amount) FILTER (WHERE parameter_id = 'km_per_trip') AS DECIMAL(8, 2)) AS km_per_trip,
        CAST(max(amount) FILTER (WHERE parameter_id = 'trips_per_online_application') AS DECIMAL(6, 4)) AS trips
    FROM core.calendar AS calendar
    LEFT JOIN parameter USING (period)
    GROUP BY calendar.period
),
paper_before AS (
    SELECT book.introduced_on, book.baseline
    FROM mart.effect_book AS book
    INNER JOIN core.calendar AS calendar ON calendar.period = book.period AND calendar.is_current
    WHERE book.metric_id = 'paper_sheets_count' AND book.baseline IS NOT NULL
    QUALIFY row_number() OVER (ORDER BY book.introduced_on, book.effect_id) = 1
),
paper AS (
    SELECT
        CAST(date_trunc('month', measurement.month) AS DATE) AS period,
        'papier' AS cause,
        CAST(max(paper_before.baseline) - sum(measurement.value_sum) AS DECIMAL(18, 2)) AS amount
    FROM stage.measurement AS measurement
    CROSS JOIN paper_before
    WHERE measurement.indicator = 'paper_sheets' AND measurement.month >= paper_before.introduced_on
    GROUP BY ALL
),
trip AS (
    SELECT
        per_month.period,
        'wege' AS cause,
        CAST(CAST(sum(application.applications) AS INTEGER) * any_value(per_month.trips) AS DECIMAL(14, 2)) AS amount
    FROM stage.application_month AS application
    INNER JOIN per_month ON per_month.period = CAST(date_trunc('month', application.month) AS DATE)
    WHERE application.channel = 'online'
    GROUP BY per_month.period
)
SELECT
    paper.period, paper.cause, paper.amount,
    CAST(paper.amount * per_month.g_per_sheet * 0.001 AS DECIMAL(18, 3)) AS co2_kg
FROM paper
INNER JOIN per_month USING (period)
UNION ALL
SELECT
    trip.period, trip.cause, trip.amount,
    CAST(trip.amount * per_month.km_per_trip * per_month.g_per_km * 0.001 AS DECIMAL(18, 3))
FROM trip
INNER JOIN per_month USING (period)
