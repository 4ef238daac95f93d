/* ---
label = "DMS je Einheit: Arbeitsplätze, Lizenzen, Posteingang, Schulung"
scope = "organisation"
order = ["org_unit_id"]
key = ["org_unit_id", "report_month"]
subject = "dms_unit"

[columns]
org_unit_id          = { label = "Einheit", type = "unit" }
report_month         = { label = "Berichtsmonat", type = "date" }
workplaces           = { label = "Büroarbeitsplätze", type = "integer", sum = true }
workplaces_connected = { label = "Angebunden", type = "integer", sum = true }
licences             = { label = "Lizenzen", type = "integer", sum = true }
licences_used        = { label = "Genutzt", type = "integer", sum = true }
mail_in_status       = { label = "Digitaler Posteingang", type = "text" }
people_planned       = { label = "Zu schulen", type = "integer", sum = true }
people_trained       = { label = "Geschult", type = "integer", sum = true }
--- */
SELECT
    unit.org_unit_id, unit.report_month, unit.workplaces, unit.workplaces_connected, unit.licences, unit.licences_used,
    unit.mail_in_status, training.people_planned, training.people_trained
FROM core.dms_unit AS unit
CROSS JOIN core.run AS run
LEFT JOIN mart.training_month AS training
    ON training.org_unit_id = unit.org_unit_id AND training.topic = 'dms'
    AND training.period = CAST(date_trunc('month', run.business_date) AS DATE)
WHERE unit.report_month = (
    SELECT max(report.report_month) FROM core.dms_unit AS report WHERE report.report_month <= run.business_date
)
