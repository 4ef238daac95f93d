/* Own services at each month's Stichtag, one row per service whatever models it is assessed in.
   Responsibility, unit and Themenfeld are those of today, as in core.service_month. */
SELECT
    calendar.period,
    calendar.stichtag,
    calendar.is_current,
    service.service_id,
    service.leika_schluessel,
    service.org_unit_id,
    service.themenfeld
FROM core.calendar AS calendar
INNER JOIN stage.service AS service
    ON service.zustaendigkeit = 'eigen' AND service.valid_from <= calendar.stichtag
