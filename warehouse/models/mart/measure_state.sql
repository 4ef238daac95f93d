/* Measures on the list at each Stichtag by their state. A measure without a planned beginning counts as planned:
   that it has begun is nowhere said. */
SELECT
    calendar.period,
    measure.org_unit_id,
    measure.goal,
    measure.kind,
    purpose.reach,
    purpose.package_id,
    CASE
        WHEN measure.done_on <= calendar.stichtag THEN 'abgeschlossen'
        WHEN measure.due_on < calendar.stichtag THEN 'ueberfaellig'
        WHEN measure.planned_from <= calendar.stichtag THEN 'in_arbeit'
        ELSE 'geplant'
    END AS state,
    count(*) AS measures
FROM core.calendar AS calendar
INNER JOIN stage.measure AS measure
    ON measure.recorded_on <= calendar.stichtag
    AND (measure.cancelled_on IS NULL OR measure.cancelled_on > calendar.stichtag)
LEFT JOIN stage.measure_purpose AS purpose ON purpose.measure_id = measure.measure_id
GROUP BY ALL
