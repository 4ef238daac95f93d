/* Measures on the list at each Stichtag by the deadline in force under each rule. A measure without any named
   deadline keeps the day its list gives. An open end is a far day, because an outer join with OR compares
   every row with every other. */
WITH deadline AS (
    SELECT fristregel, object_id, precision, due_end, from_day, until_day
    FROM core.deadline_in_force
    WHERE about = 'massnahme'
    UNION ALL
    SELECT rule.fristregel, measure.measure_id, 'tag', measure.due_on, measure.recorded_on, NULL
    FROM stage.measure AS measure
    CROSS JOIN core.deadline_rule AS rule
    WHERE measure.due_on IS NOT NULL
    AND measure.measure_id NOT IN (SELECT object_id FROM core.deadline WHERE about = 'massnahme')
)
SELECT
    calendar.period,
    measure.org_unit_id,
    measure.goal,
    measure.kind,
    rule.fristregel,
    CASE WHEN deadline.due_end IS NULL THEN 'ohne' ELSE coalesce(deadline.precision, 'tag') END AS genauigkeit,
    count(*) AS measures,
    count(*) FILTER (
        WHERE deadline.due_end < calendar.stichtag
        AND (measure.done_on IS NULL OR measure.done_on > calendar.stichtag)
    ) AS overdue
FROM core.calendar AS calendar
INNER JOIN stage.measure AS measure
    ON measure.recorded_on <= calendar.stichtag
    AND (measure.cancelled_on IS NULL OR measure.cancelled_on > calendar.stichtag)
CROSS JOIN core.deadline_rule AS rule
LEFT JOIN deadline
    ON deadline.fristregel = rule.fristregel
    AND deadline.object_id = measure.measure_id
    AND deadline.from_day <= calendar.stichtag
    AND coalesce(deadline.until_day, DATE '9999-12-31') > calendar.stichtag
GROUP BY ALL
