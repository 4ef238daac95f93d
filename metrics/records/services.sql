/* ---
label = "Einzelleistungen"
scope = "organisation"
order = ["bezeichnung"]
key = ["service_id"]
subject = "service"

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
leika_schluessel = { label = "LeiKa-Schlüssel", type = "text" }
buendel        = { label = "OZG-Leistungen", type = "text" }
zielgruppe     = { label = "Zielgruppe", type = "text" }
rechtsgrundlage = { label = "Rechtsgrundlage", type = "text" }
unterschrift   = { label = "Unterschrift", type = "text" }
gebuehr        = { label = "Gebühr", type = "text" }
epayment       = { label = "ePayment", type = "boolean" }
nutzerkonto    = { label = "Nutzerkonto", type = "boolean" }
postfach       = { label = "Postfach", type = "boolean" }
eid            = { label = "eID", type = "boolean" }
dms_nutzung    = { label = "DMS", type = "text" }
loesungsweg    = { label = "Lösungsweg", type = "text" }
musterloesung  = { label = "Musterlösung", type = "text" }
fachverfahren  = { label = "Fachverfahren", type = "text" }
projekte       = { label = "Projekte", type = "text" }
--- */
WITH several AS (
    SELECT
        service_id,
        string_agg(wert, '; ' ORDER BY wert) FILTER (WHERE merkmal = 'zielgruppe') AS zielgruppe,
        string_agg(wert, '; ' ORDER BY wert) FILTER (WHERE merkmal = 'rechtsgrundlage') AS rechtsgrundlage
    FROM core.service_attribute
    GROUP BY service_id
),
member AS (
    SELECT service_id, string_agg(ozg_id, '; ' ORDER BY is_main DESC, ozg_id) AS buendel
    FROM core.service_member
    GROUP BY service_id
),
carried AS (
    SELECT link.service_id, string_agg(system.bezeichnung, '; ' ORDER BY system.bezeichnung) AS fachverfahren
    FROM core.fachverfahren_leistung AS link
    INNER JOIN core.fachverfahren AS system ON system.fachverfahren_id = link.fachverfahren_id
    GROUP BY link.service_id
),
project AS (
    SELECT service_id, string_agg(project_id, '; ' ORDER BY project_id) AS projekte
    FROM core.project_service
    GROUP BY service_id
)
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
    service.planned_on,
    service.leika_schluessel,
    member.buendel,
    several.zielgruppe,
    several.rechtsgrundlage,
    profile.unterschrift,
    profile.gebuehr,
    profile.epayment,
    profile.nutzerkonto,
    profile.postfach,
    profile.eid,
    profile.dms_nutzung,
    profile.loesungsweg,
    profile.musterloesung,
    carried.fachverfahren,
    project.projekte
FROM core.service AS service
CROSS JOIN core.run AS run
LEFT JOIN core.assessment_interval AS state
    ON state.service_id = service.service_id
    AND state.reifegrad_modell = 'ozg_1_1'
    AND state.valid_from <= run.business_date
    AND (state.valid_to IS NULL OR state.valid_to > run.business_date)
LEFT JOIN core.service_profile_interval AS profile
    ON profile.service_id = service.service_id
    AND profile.valid_from <= run.business_date
    AND (profile.valid_until IS NULL OR profile.valid_until > run.business_date)
LEFT JOIN several ON several.service_id = service.service_id
LEFT JOIN member ON member.service_id = service.service_id
LEFT JOIN carried ON carried.service_id = service.service_id
LEFT JOIN project ON project.service_id = service.service_id
WHERE service.zustaendigkeit = 'eigen' AND service.valid_from <= run.business_date
