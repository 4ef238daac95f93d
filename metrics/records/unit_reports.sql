/* ---
label = "Erwartete Meldungen der Fachdienste"
scope = "organisation"
order = ["is_there", "subject", "org_unit_id"]
key = ["subject", "org_unit_id"]

[columns]
subject     = { label = "Meldung", type = "text" }
org_unit_id = { label = "Fachdienst", type = "unit" }
last_month  = { label = "Zuletzt gemeldet", type = "date" }
is_there    = { label = "Letzter voller Monat gemeldet", type = "boolean" }
--- */
SELECT subject, org_unit_id, last_month, is_there
FROM mart.unit_report
