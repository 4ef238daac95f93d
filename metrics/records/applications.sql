/* ---
label = "Anträge je Monat, Verfahren und Kanal"
scope = "organisation"
order = ["-month", "procedure", "channel"]
key = ["procedure", "month", "channel", "org_unit_id"]
subject = "application_month"

[columns]
procedure    = { label = "Verfahren", type = "text" }
month        = { label = "Monat", type = "date" }
channel      = { label = "Kanal", type = "text" }
org_unit_id  = { label = "Einheit", type = "unit" }
applications = { label = "Anträge", type = "integer", sum = true }
--- */
SELECT procedure, month, channel, org_unit_id, applications
FROM core.application_month
CROSS JOIN core.run AS run
WHERE month <= run.business_date
