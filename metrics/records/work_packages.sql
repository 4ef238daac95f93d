/* ---
label = "Aufgabenpakete des Umsetzungsfahrplans"
scope = "city"
order = ["position", "package_id"]
key = ["package_id"]
subject = "work_package"

[columns]
package_id   = { label = "Kennung", type = "text" }
position     = { label = "Reihenfolge", type = "integer" }
title        = { label = "Aufgabenpaket", type = "text" }
planned_from = { label = "Beginn geplant", type = "date" }
planned_to   = { label = "Ende geplant", type = "date" }
started_on   = { label = "Begonnen am", type = "date" }
done_on      = { label = "Abgeschlossen am", type = "date" }
forecast_to  = { label = "Ende nach Prognose", type = "date" }
plan_source  = { label = "Beschluss des Plans", type = "text" }
--- */
SELECT
    package.package_id,
    package.position,
    package.title,
    package.planned_from,
    package.planned_to,
    CASE WHEN package.started_on <= run.business_date THEN package.started_on END AS started_on,
    CASE WHEN package.done_on <= run.business_date THEN package.done_on END AS done_on,
    package.forecast_to,
    package.plan_source
FROM core.work_package AS package
CROSS JOIN core.run AS run
