/* All services of the list per month, unit and Themenfeld by competence; with today's answer, as everywhere. */
SELECT
    calendar.period,
    service.org_unit_id,
    service.themenfeld,
    count(*) AS services,
    count(*) FILTER (WHERE service.zustaendigkeit = 'nicht_zustaendig') AS not_competent,
    count(*) FILTER (WHERE service.zustaendigkeit = 'nicht_zustaendig' AND trim(service.grund) <> '') AS with_reason
FROM core.calendar AS calendar
INNER JOIN stage.service AS service ON service.valid_from <= calendar.stichtag
GROUP BY ALL
