/* ---
label = "Änderungen der Einstufung"
scope = "organisation"
order = ["-changed_on", "bezeichnung"]
key = ["service_id", "reifegrad_modell", "changed_on"]

[columns]
service_id       = { label = "Kennung", type = "text" }
bezeichnung      = { label = "Leistung", type = "text" }
org_unit_id      = { label = "Fachdienst", type = "unit" }
changed_on       = { label = "Eingestuft am", type = "date" }
aenderung        = { label = "Änderung", type = "text" }
reifegrad_modell = { label = "Modell", type = "text" }
reifegrad        = { label = "Reifegrad", type = "integer" }
reifegrad_bis    = { label = "höchstens", type = "integer" }
from_modell      = { label = "Modell vorher", type = "text" }
from_reifegrad   = { label = "Reifegrad vorher", type = "integer" }
from_bis         = { label = "vorher höchstens", type = "integer" }
umrechnung       = { label = "Umrechnung", type = "text" }
--- */
SELECT
    service.service_id,
    service.bezeichnung,
    service.org_unit_id,
    change.changed_on,
    change.aenderung,
    change.reifegrad_modell,
    change.to_von AS reifegrad,
    change.to_bis AS reifegrad_bis,
    change.from_modell,
    change.from_von AS from_reifegrad,
    change.from_bis,
    change.umrechnung
FROM core.assessment_change AS change
INNER JOIN core.service AS service
    ON service.service_id = change.service_id
    AND service.zustaendigkeit = 'eigen'
    AND service.valid_from <= change.changed_on
INNER JOIN core.run AS run ON change.changed_on <= run.business_date
