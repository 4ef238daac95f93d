/* ---
label = "Meilensteine der Aufgabenpakete"
scope = "city"
order = ["package_id", "planned_on", "title"]

[columns]
package_id = { label = "Aufgabenpaket", type = "text" }
title      = { label = "Meilenstein", type = "text" }
planned_on = { label = "Geplant für", type = "date" }
reached_on = { label = "Erreicht am", type = "date" }
--- */
SELECT
    milestone.package_id,
    milestone.title,
    milestone.planned_on,
    CASE WHEN milestone.reached_on <= run.business_date THEN milestone.reached_on END AS reached_on
FROM core.work_milestone AS milestone
CROSS JOIN core.run AS run
