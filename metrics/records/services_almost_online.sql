/* ---
label = "Kurz vor Reifegrad 3"
scope = "organisation"
order = ["-cases_per_year", "bezeichnung"]
key = ["service_id"]
subject = "service"

[columns]
service_id     = { label = "Kennung", type = "text" }
bezeichnung    = { label = "Leistung", type = "text" }
themenfeld     = { label = "Themenfeld", type = "text" }
org_unit_id    = { label = "Fachdienst", type = "unit" }
reifegrad      = { label = "Reifegrad", type = "integer" }
missing_block  = { label = "Fehlender Baustein", type = "text" }
cases_per_year = { label = "Fälle/Jahr", type = "integer", sum = true }
planned_on     = { label = "geplant", type = "date" }
--- */
SELECT
    service.service_id,
    service.bezeichnung,
    service.themenfeld,
    service.org_unit_id,
    month.reifegrad,
    service.missing_block,
    service.cases_per_year,
    service.planned_on
FROM core.service_month AS month
INNER JOIN core.service AS service ON service.service_id = month.service_id
WHERE month.is_current
    AND month.reifegrad_modell = 'ozg_1_1'
    AND month.reifegrad = 2
    AND month.missing_count = 1
