/* Plan, bookings and forecast per month of the year in the version of the business date; plan and forecast
   reach into the future. NULL = nothing delivered for that month. */
WITH version AS (
    SELECT
        forecast.month, forecast.haushaltsjahr, forecast.plan_art, forecast.produkt, forecast.position_id,
        sum(forecast.amount_eur) FILTER (WHERE forecast.kind = 'plan') AS plan_eur,
        sum(forecast.amount_eur) FILTER (WHERE forecast.kind = 'prognose') AS forecast_eur
    FROM core.budget_month_latest AS forecast
    GROUP BY ALL
),
booked AS (
    SELECT
        CAST(date_trunc('month', booking.booked_on) AS DATE) AS month,
        booking.haushaltsjahr, booking.plan_art, booking.produkt, booking.position_id,
        sum(booking.amount_eur) AS ist_eur
    FROM stage.booking AS booking
    CROSS JOIN core.run AS run
    WHERE booking.booked_on <= run.business_date
    GROUP BY ALL
)
SELECT
    coalesce(version.month, booked.month) AS period,
    position.haushaltsjahr,
    position.plan_art,
    position.produkt,
    position.position_id,
    position.position,
    version.plan_eur,
    booked.ist_eur,
    version.forecast_eur
FROM version
FULL JOIN booked
    ON booked.month = version.month AND booked.haushaltsjahr = version.haushaltsjahr
    AND booked.plan_art = version.plan_art AND booked.produkt = version.produkt
    AND booked.position_id = version.position_id
INNER JOIN core.budget_position AS position
    ON position.haushaltsjahr = coalesce(version.haushaltsjahr, booked.haushaltsjahr)
    AND position.plan_art = coalesce(version.plan_art, booked.plan_art)
    AND position.produkt = coalesce(version.produkt, booked.produkt)
    AND position.position_id = coalesce(version.position_id, booked.position_id)
