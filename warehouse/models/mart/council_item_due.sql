/* Council items whose deadline is over or that are done, at each Stichtag and under each rule. What was refused or
   withdrawn leaves; what is done without a deadline cannot be in time and stays outside. */
SELECT
    calendar.period,
    item.org_unit_id,
    item.kind,
    deadline.fristregel,
    count(*) AS items,
    count(*) FILTER (WHERE item.done_on <= deadline.due_end AND item.done_on <= calendar.stichtag) AS in_time
FROM core.calendar AS calendar
INNER JOIN stage.council_item AS item
    ON item.submitted_on <= calendar.stichtag
    AND NOT (
        (coalesce(item.outcome, '') IN ('abgelehnt', 'zurueckgezogen') OR item.status = 'zurueckgezogen')
        AND coalesce(item.decided_on, item.done_on, item.submitted_on) <= calendar.stichtag
    )
INNER JOIN core.deadline_in_force AS deadline
    ON deadline.about = 'ratsauftrag'
    AND deadline.object_id = item.item_id
    AND deadline.due_end IS NOT NULL
    AND deadline.from_day <= calendar.stichtag
    AND (deadline.until_day IS NULL OR deadline.until_day > calendar.stichtag)
WHERE deadline.due_end < calendar.stichtag OR item.done_on <= calendar.stichtag
GROUP BY ALL
