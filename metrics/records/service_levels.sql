/* ---
label = "Soll und Ist der Reifegrade je Leistung"
scope = "organisation"
order = ["bezeichnung", "reifegrad_modell"]
key = ["service_id", "reifegrad_modell"]
subject = "assessment"

[columns]
service_id       = { label = "Kennung", type = "text" }
bezeichnung      = { label = "Leistung", type = "text" }
org_unit_id      = { label = "Fachdienst", type = "unit" }
reifegrad_modell = { label = "Modell", type = "text" }
reifegrad        = { label = "Reifegrad", type = "integer" }
reifegrad_bis    = { label = "höchstens", type = "integer" }
end_to_end       = { label = "Ende-zu-Ende", type = "boolean" }
erforderlich     = { label = "erforderlich", type = "integer" }
ziel             = { label = "Ziel", type = "integer" }
moeglich         = { label = "möglich", type = "integer" }
grundlage        = { label = "Grundlage", type = "text" }
modell_version   = { label = "Fassung des Modells", type = "text" }
assessed_by      = { label = "Eingestuft von", type = "text" }
assessed_on      = { label = "Eingestuft am", type = "date" }
--- */
WITH target AS (
    SELECT
        item.service_id,
        item.reifegrad_modell,
        max(item.reifegrad) FILTER (WHERE item.soll_art = 'erforderlich') AS erforderlich,
        max(item.reifegrad) FILTER (WHERE item.soll_art = 'ziel') AS ziel,
        max(item.reifegrad) FILTER (WHERE item.soll_art = 'moeglich') AS moeglich
    FROM core.reifegrad_target_interval AS item
    INNER JOIN core.run AS run
        ON item.valid_from <= run.business_date
        AND (item.valid_until IS NULL OR item.valid_until > run.business_date)
    GROUP BY item.service_id, item.reifegrad_modell
),
state AS (
    SELECT item.*
    FROM core.assessment_interval AS item
    INNER JOIN core.run AS run
        ON item.valid_from <= run.business_date
        AND (item.valid_to IS NULL OR item.valid_to > run.business_date)
),
pair AS (
    SELECT service_id, reifegrad_modell FROM target
    UNION
    SELECT service_id, reifegrad_modell FROM state
)
SELECT
    service.service_id,
    service.bezeichnung,
    service.org_unit_id,
    pair.reifegrad_modell,
    state.reifegrad,
    state.reifegrad_bis,
    state.end_to_end,
    target.erforderlich,
    target.ziel,
    target.moeglich,
    state.grundlage,
    state.modell_version,
    state.assessed_by,
    state.valid_from AS assessed_on
FROM core.service AS service
INNER JOIN core.run AS run ON service.valid_from <= run.business_date
INNER JOIN pair ON pair.service_id = service.service_id
LEFT JOIN state ON state.service_id = pair.service_id AND state.reifegrad_modell = pair.reifegrad_modell
LEFT JOIN target ON target.service_id = pair.service_id AND target.reifegrad_modell = pair.reifegrad_modell
WHERE service.zustaendigkeit = 'eigen'
