/* ---
label = "Maßnahmen"
scope = "organisation"
order = ["-is_overdue", "due_on", "measure_id"]
key = ["measure_id"]
subject = "measure"

[columns]
measure_id   = { label = "Kennung", type = "text" }
title        = { label = "Maßnahme", type = "text" }
org_unit_id  = { label = "Einheit", type = "unit" }
goal         = { label = "Ziel", type = "integer" }
kind         = { label = "Art", type = "text" }
status       = { label = "Stand", type = "text" }
due_on       = { label = "Frist", type = "date" }
is_overdue   = { label = "überfällig", type = "boolean" }
is_done      = { label = "erledigt", type = "boolean" }
done_on      = { label = "Erledigt am", type = "date" }
planned_from = { label = "Beginn geplant", type = "date" }
recorded_on  = { label = "Aufgenommen am", type = "date" }
--- */
SELECT
    measure.measure_id, measure.title, measure.org_unit_id, measure.goal, measure.kind,
    CASE
        WHEN measure.done_on <= run.business_date THEN 'erledigt'
        WHEN measure.due_on < run.business_date THEN 'überfällig'
        WHEN measure.planned_from > run.business_date THEN 'geplant'
        ELSE 'läuft'
    END AS status,
    measure.due_on,
    coalesce(
        measure.due_on < run.business_date AND (measure.done_on IS NULL OR measure.done_on > run.business_date), false
    ) AS is_overdue,
    coalesce(measure.done_on <= run.business_date, false) AS is_done,
    measure.done_on,
    measure.planned_from,
    measure.recorded_on
FROM core.measure AS measure
CROSS JOIN core.run AS run
WHERE measure.recorded_on <= run.business_date
    AND (measure.cancelled_on IS NULL OR measure.cancelled_on > run.business_date)
