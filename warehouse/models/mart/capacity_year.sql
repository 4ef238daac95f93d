/* Person days of the whole calendar year a month lies in, per role. */
SELECT
    calendar.period,
    capacity.role,
    sum(capacity.needed_pt) AS needed_pt,
    sum(capacity.available_pt) AS available_pt
FROM core.calendar AS calendar
INNER JOIN stage.capacity AS capacity ON year(capacity.month) = calendar.jahr
GROUP BY calendar.period, capacity.role
