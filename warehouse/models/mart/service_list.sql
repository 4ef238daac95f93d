/* Own services with all that is known of them today, one row each: what lists of services show. */
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
level AS (
    SELECT state.*
    FROM core.assessment_interval AS state
    CROSS JOIN core.run AS run
    WHERE
        state.reifegrad_modell = 'ozg_1_1'
        AND state.valid_from <= run.business_date
        AND (state.valid_to IS NULL OR state.valid_to > run.business_date)
),
profile AS (
    SELECT trait.*
    FROM core.service_profile_interval AS trait
    CROSS JOIN core.run AS run
    WHERE
        trait.valid_from <= run.business_date
        AND (trait.valid_until IS NULL OR trait.valid_until > run.business_date)
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
    level.reifegrad,
    level.end_to_end,
    level.valid_from AS assessed_on,
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
LEFT JOIN level ON level.service_id = service.service_id
LEFT JOIN profile ON profile.service_id = service.service_id
LEFT JOIN several ON several.service_id = service.service_id
LEFT JOIN member ON member.service_id = service.service_id
LEFT JOIN carried ON carried.service_id = service.service_id
LEFT JOIN project ON project.service_id = service.service_id
WHERE service.zustaendigkeit = 'eigen' AND service.valid_from <= run.business_date
