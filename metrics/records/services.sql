/* ---
label = "Einzelleistungen"
scope = "organisation"
order = ["bezeichnung"]

[columns]
service_id     = { label = "Kennung", type = "text" }
bezeichnung    = { label = "Leistung", type = "text" }
themenfeld     = { label = "Themenfeld", type = "text" }
org_unit_id    = { label = "Fachdienst", type = "unit" }
reifegrad      = { label = "Reifegrad", type = "integer" }
end_to_end     = { label = "Ende-zu-Ende", type = "boolean" }
assessed_on    = { label = "Eingestuft am", type = "date" }
priority_rank  = { label = "Rang", type = "integer" }
cases_per_year = { label = "Fälle je Jahr", type = "integer" }
planned_on     = { label = "geplant", type = "date" }
--- */
SELECT
    service.service_id,
    service.bezeichnung,
    service.themenfeld,
    service.org_unit_id,
    state.reifegrad,
    state.end_to_end,
    state.valid_from AS assessed_on,
    service.priority_rank,
    service.cases_per_year,
    service.planned_on
FROM core.service AS service
CROSS JOIN core.run AS run
LEFT JOIN core.assessment_interval AS state
    ON state.service_id = service.service_id
    AND state.reifegrad_modell = 'ozg_1_1'
    AND state.valid_from <= run.business_date
    AND (state.valid_to IS NULL OR state.valid_to > run.business_date)
WHERE service.zustaendigkeit = 'eigen' AND service.valid_from <= run.business_date
