/* Each budget position at each month end, from the year before to the year after its Haushaltsjahr.
   Prognose 31.12. = the version in force, and the bookings of months that version does not speak about;
   without any forecast it is unknown (NULL), never zero. */
WITH slot AS (
    SELECT
        calendar.period,
        calendar.stichtag,
        position.haushaltsjahr,
        position.plan_art,
        position.produkt,
        position.position_id,
        position.position
    FROM core.calendar AS calendar
    INNER JOIN core.budget_position AS position
        ON calendar.jahr BETWEEN position.haushaltsjahr - 1 AND position.haushaltsjahr + 1
),
frame AS (
    SELECT period, haushaltsjahr, plan_art, produkt, position_id, sum(frame_eur) AS frame_eur
    FROM mart.budget_frame
    GROUP BY period, haushaltsjahr, plan_art, produkt, position_id
),
booked AS (
    SELECT
        slot.period, slot.haushaltsjahr, slot.plan_art, slot.produkt, slot.position_id,
        sum(booking.amount_eur) AS ist_eur,
        sum(booking.amount_eur) FILTER (WHERE forecast.month IS NULL) AS ist_not_forecast_eur
    FROM slot
    INNER JOIN stage.booking AS booking
        ON booking.haushaltsjahr = slot.haushaltsjahr AND booking.plan_art = slot.plan_art
        AND booking.produkt = slot.produkt AND booking.position_id = slot.position_id
        AND booking.booked_on <= slot.stichtag
    LEFT JOIN core.budget_forecast AS forecast
        ON forecast.period = slot.period AND forecast.haushaltsjahr = slot.haushaltsjahr
        AND forecast.plan_art = slot.plan_art AND forecast.produkt = slot.produkt
        AND forecast.position_id = slot.position_id
        AND forecast.month = date_trunc('month', booking.booked_on)
    GROUP BY slot.period, slot.haushaltsjahr, slot.plan_art, slot.produkt, slot.position_id
),
bound AS (
    SELECT
        slot.period, slot.haushaltsjahr, slot.plan_art, slot.produkt, slot.position_id,
        sum(commitment.amount_eur) AS obligo_eur
    FROM slot
    INNER JOIN stage.commitment AS commitment
        ON commitment.haushaltsjahr = slot.haushaltsjahr AND commitment.plan_art = slot.plan_art
        AND commitment.produkt = slot.produkt AND commitment.position_id = slot.position_id
        AND commitment.ordered_on <= slot.stichtag
        AND (commitment.settled_on IS NULL OR commitment.settled_on > slot.stichtag)
    GROUP BY slot.period, slot.haushaltsjahr, slot.plan_art, slot.produkt, slot.position_id
),
expected AS (
    SELECT period, haushaltsjahr, plan_art, produkt, position_id, sum(amount_eur) AS expected_eur
    FROM core.budget_forecast
    GROUP BY period, haushaltsjahr, plan_art, produkt, position_id
)
SELECT
    slot.period,
    slot.haushaltsjahr,
    slot.plan_art,
    slot.produkt,
    slot.position_id,
    slot.position,
    coalesce(frame.frame_eur, 0) AS frame_eur,
    coalesce(booked.ist_eur, 0) AS ist_eur,
    coalesce(bound.obligo_eur, 0) AS obligo_eur,
    coalesce(booked.ist_not_forecast_eur, 0) + expected.expected_eur AS forecast_eur
FROM slot
LEFT JOIN frame USING (period, haushaltsjahr, plan_art, produkt, position_id)
LEFT JOIN booked USING (period, haushaltsjahr, plan_art, produkt, position_id)
LEFT JOIN bound USING (period, haushaltsjahr, plan_art, produkt, position_id)
LEFT JOIN expected USING (period, haushaltsjahr, plan_art, produkt, position_id)
WHERE frame.frame_eur IS NOT NULL OR booked.ist_eur IS NOT NULL
    OR bound.obligo_eur IS NOT NULL OR expected.expected_eur IS NOT NULL
