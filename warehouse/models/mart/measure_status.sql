/* Measures on the list at each Stichtag (recorded, not given up): all, done, overdue. */
SELECT
    calendar.period,
    measure.org_unit_id,
    measure.goal,
    measure.kind,
    count(*) AS measures,
    count(*) FILTER (WHERE measure.done_on <= calendar.stichtag) AS done,
    count(*) FILTER (
        WHERE measure.due_on < calendar.stichtag
        AND (measure.done_on IS NULL OR measure.done_on > calendar.stichtag)
    ) AS overdue
FROM core.calendar AS calendar
INNER JOIN stage.measure AS measure
    ON measure.recorded_on <= calendar.stichtag
    AND (measure.cancelled_on IS NULL OR measure.cancelled_on > calendar.stichtag)
GROUP BY ALL
