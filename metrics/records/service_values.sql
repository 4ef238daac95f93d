/* ---
label = "Mehrfache Merkmale der Einzelleistungen"
scope = "organisation"
order = ["bezeichnung", "merkmal", "wert"]
key = ["service_id", "merkmal", "wert"]
subject = "service_attribute"

[columns]
service_id  = { label = "Kennung", type = "text" }
bezeichnung = { label = "Leistung", type = "text" }
themenfeld  = { label = "Themenfeld", type = "text" }
org_unit_id = { label = "Fachdienst", type = "unit" }
merkmal     = { label = "Merkmal", type = "text" }
wert        = { label = "Wert", type = "text" }
--- */
SELECT
    service.service_id,
    service.bezeichnung,
    service.themenfeld,
    service.org_unit_id,
    attribute.merkmal,
    attribute.wert
FROM core.service AS service
INNER JOIN core.run AS run ON service.valid_from <= run.business_date
INNER JOIN core.service_attribute AS attribute ON attribute.service_id = service.service_id
WHERE service.zustaendigkeit = 'eigen'
