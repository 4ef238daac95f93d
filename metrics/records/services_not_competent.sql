/* ---
label = "Leistungen, für die die Stadt nicht zuständig ist"
scope = "organisation"
order = ["has_reason", "grund", "bezeichnung"]
key = ["service_id"]
subject = "service"

[columns]
service_id     = { label = "Kennung", type = "text" }
bezeichnung    = { label = "Leistung", type = "text" }
themenfeld     = { label = "Themenfeld", type = "text" }
org_unit_id    = { label = "Geprüft von", type = "unit" }
grund          = { label = "Grund", type = "text" }
has_reason     = { label = "Grund genannt", type = "boolean" }
valid_from     = { label = "In der Liste seit", type = "date" }
--- */
SELECT
    service.service_id,
    service.bezeichnung,
    service.themenfeld,
    service.org_unit_id,
    service.grund,
    coalesce(trim(service.grund) <> '', false) AS has_reason,
    service.valid_from
FROM core.service AS service
INNER JOIN core.run AS run ON service.valid_from <= run.business_date
WHERE service.zustaendigkeit = 'nicht_zustaendig'
