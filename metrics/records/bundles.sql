/* ---
label = "OZG-Leistungen (Bündel) mit eigenen Einzelleistungen"
scope = "city"
order = ["bezeichnung"]
key = ["ozg_id"]
subject = "ozg_bundle"

[columns]
ozg_id      = { label = "OZG-Kennung", type = "text" }
bezeichnung = { label = "OZG-Leistung", type = "text" }
themenfeld  = { label = "Themenfeld", type = "text" }
leistungen  = { label = "eigene Leistungen", type = "integer", sum = true }
davon_haupt = { label = "davon mit diesem Hauptbündel", type = "integer", sum = true }
online      = { label = "davon online", type = "integer", sum = true }
projekte    = { label = "begonnene Projekte", type = "integer", sum = true }
--- */
WITH own AS (
    SELECT service.service_id, month.reifegrad
    FROM core.service AS service
    INNER JOIN core.service_month AS month
        ON month.service_id = service.service_id
        AND month.is_current
        AND month.reifegrad_modell = 'ozg_1_1'
),
begun AS (
    SELECT member.ozg_id, count(DISTINCT link.project_id) AS projekte
    FROM core.service_member AS member
    INNER JOIN core.project_service AS link ON link.service_id = member.service_id
    INNER JOIN core.project AS project ON project.project_id = link.project_id
    INNER JOIN core.run AS run ON project.started_on <= run.business_date
    GROUP BY member.ozg_id
)
SELECT
    bundle.ozg_id,
    bundle.bezeichnung,
    bundle.themenfeld,
    count(*) AS leistungen,
    count(*) FILTER (WHERE member.is_main) AS davon_haupt,
    count(*) FILTER (WHERE own.reifegrad >= 3) AS online,
    coalesce(any_value(begun.projekte), 0) AS projekte
FROM core.ozg_bundle AS bundle
INNER JOIN core.service_member AS member ON member.ozg_id = bundle.ozg_id
INNER JOIN own ON own.service_id = member.service_id
LEFT JOIN begun ON begun.ozg_id = bundle.ozg_id
GROUP BY bundle.ozg_id, bundle.bezeichnung, bundle.themenfeld
