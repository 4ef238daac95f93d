/* ---
label = "Leistungen in der Lesart eines Modells"
scope = "organisation"
order = ["bezeichnung", "service_id"]
key = ["service_id", "reifegrad_modell"]
subject = "service"

[columns]
service_id       = { label = "Kennung", type = "text" }
bezeichnung      = { label = "Leistung", type = "text" }
themenfeld       = { label = "Themenfeld", type = "text" }
org_unit_id      = { label = "Fachdienst", type = "unit" }
reifegrad_modell = { label = "Gelesen im Modell", type = "text" }
lesart           = { label = "Lesart", type = "text" }
reifegrad        = { label = "Reifegrad", type = "integer" }
reifegrad_bis    = { label = "höchstens", type = "integer" }
reached          = { label = "Schwelle sicher erreicht", type = "boolean" }
--- */
SELECT
    reading.service_id,
    service.bezeichnung,
    reading.themenfeld,
    reading.org_unit_id,
    reading.reifegrad_modell,
    reading.lesart,
    reading.reifegrad,
    reading.reifegrad_bis,
    coalesce(reading.reifegrad >= model.fulfilled_from, FALSE) AS reached
FROM core.service_reading AS reading
INNER JOIN core.service AS service ON service.service_id = reading.service_id
INNER JOIN core.reifegrad_model AS model ON model.reifegrad_modell = reading.reifegrad_modell
WHERE reading.is_current
