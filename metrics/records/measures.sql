/* ---
label = "Maßnahmen"
scope = "organisation"
order = ["urgency", "due_on", "measure_id"]
key = ["measure_id"]
subject = "measure"

[columns]
measure_id    = { label = "Kennung", type = "text" }
title         = { label = "Maßnahme", type = "text" }
org_unit_id   = { label = "Einheit", type = "unit" }
goal          = { label = "Ziel", type = "integer" }
kind          = { label = "Art", type = "text" }
reach         = { label = "Wirkung", type = "text" }
package_id    = { label = "Aufgabenpaket", type = "text" }
state         = { label = "Stand", type = "text" }
urgency       = { label = "Rang des Standes", type = "integer" }
planned_from  = { label = "Beginn geplant", type = "date" }
begin_year    = { label = "Jahr des Beginns", type = "integer" }
due_on        = { label = "Frist der Liste", type = "date" }
due_kind      = { label = "Art der genannten Frist", type = "text" }
due_precision = { label = "Genauigkeit der genannten Frist", type = "text" }
due_end       = { label = "Letzter Tag der genannten Frist", type = "date" }
due_source    = { label = "Quelle der genannten Frist", type = "text" }
days_over     = { label = "Tage über der Frist", type = "integer" }
done_on       = { label = "Erledigt am", type = "date" }
is_overdue    = { label = "überfällig", type = "boolean" }
is_done       = { label = "erledigt", type = "boolean" }
recorded_on   = { label = "Aufgenommen am", type = "date" }
--- */
WITH listed AS (
    SELECT
        measure.*,
        run.business_date,
        CASE
            WHEN measure.done_on <= run.business_date THEN 'abgeschlossen'
            WHEN measure.due_on < run.business_date THEN 'ueberfaellig'
            WHEN measure.planned_from <= run.business_date THEN 'in_arbeit'
            ELSE 'geplant'
        END AS state
    FROM core.measure AS measure
    CROSS JOIN core.run AS run
    WHERE measure.recorded_on <= run.business_date
        AND (measure.cancelled_on IS NULL OR measure.cancelled_on > run.business_date)
)
SELECT
    listed.measure_id,
    listed.title,
    listed.org_unit_id,
    listed.goal,
    listed.kind,
    purpose.reach,
    purpose.package_id,
    listed.state,
    CASE listed.state
        WHEN 'ueberfaellig' THEN 1
        WHEN 'in_arbeit' THEN 2
        WHEN 'geplant' THEN 3
        ELSE 4
    END AS urgency,
    listed.planned_from,
    year(listed.planned_from) AS begin_year,
    listed.due_on,
    deadline.kind AS due_kind,
    deadline.precision AS due_precision,
    deadline.due_end,
    deadline.source AS due_source,
    CASE WHEN listed.state = 'ueberfaellig' THEN date_diff('day', listed.due_on, listed.business_date) END AS days_over,
    CASE WHEN listed.done_on <= listed.business_date THEN listed.done_on END AS done_on,
    listed.state = 'ueberfaellig' AS is_overdue,
    listed.state = 'abgeschlossen' AS is_done,
    listed.recorded_on
FROM listed
LEFT JOIN core.measure_purpose AS purpose ON purpose.measure_id = listed.measure_id
LEFT JOIN core.deadline_in_force AS deadline
    ON deadline.about = 'massnahme'
    AND deadline.fristregel = 'zuletzt_genannt'
    AND deadline.object_id = listed.measure_id
    AND deadline.from_day <= listed.business_date
    AND coalesce(deadline.until_day, DATE '9999-12-31') > listed.business_date
