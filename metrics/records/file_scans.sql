/* ---
label = "Papierakten je Einheit"
scope = "organisation"
order = ["org_unit_id"]
key = ["org_unit_id", "report_month"]
subject = "file_scan"

[columns]
org_unit_id   = { label = "Einheit", type = "unit" }
report_month  = { label = "Berichtsmonat", type = "date" }
files_planned = { label = "Einzuscannen", type = "integer", sum = true }
files_scanned = { label = "Eingescannt", type = "integer", sum = true }
--- */
SELECT org_unit_id, report_month, files_planned, files_scanned
FROM core.file_scan
WHERE report_month = (
    SELECT max(report.report_month)
    FROM core.file_scan AS report
    CROSS JOIN core.run AS run
    WHERE report.report_month <= run.business_date
)
