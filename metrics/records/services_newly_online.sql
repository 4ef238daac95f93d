/* ---
label = "Leistungen nach dem Tag, an dem sie online gingen"
scope = "organisation"
order = ["-first_online_on", "bezeichnung"]
key = ["service_id", "reifegrad_modell"]
subject = "service"

[columns]
service_id       = { label = "Kennung", type = "text" }
bezeichnung      = { label = "Leistung", type = "text" }
themenfeld       = { label = "Themenfeld", type = "text" }
org_unit_id      = { label = "Fachdienst", type = "unit" }
first_online_on  = { label = "Erstmals online am", type = "date" }
reifegrad_modell = { label = "Modell", type = "text" }
--- */
SELECT DISTINCT
    service.service_id,
    service.bezeichnung,
    service.themenfeld,
    service.org_unit_id,
    state.first_online_on,
    state.reifegrad_modell
FROM core.assessment_interval AS state
CROSS JOIN core.run AS run
INNER JOIN core.service AS service
    ON service.service_id = state.service_id
    AND service.zustaendigkeit = 'eigen'
    AND service.valid_from <= run.business_date
WHERE state.first_online_on <= run.business_date
