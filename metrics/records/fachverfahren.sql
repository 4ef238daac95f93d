/* ---
label = "Fachverfahren und ihre Anbindung"
scope = "organisation"
order = ["bezeichnung"]
key = ["fachverfahren_id"]
subject = "fachverfahren"

[columns]
fachverfahren_id = { label = "Kennung", type = "text" }
bezeichnung      = { label = "Fachverfahren", type = "text" }
org_unit_id      = { label = "Fachdienst", type = "unit" }
portal           = { label = "Bürgerportal", type = "text" }
steuerung        = { label = "Steuerungsportal", type = "text" }
dms              = { label = "DMS", type = "text" }
leistungen       = { label = "Leistungen", type = "integer", sum = true }
betrieb          = { label = "Betrieb", type = "text" }
grund            = { label = "Grund, wenn nicht vorgesehen", type = "text" }
--- */
SELECT
    month.fachverfahren_id,
    any_value(system.bezeichnung) AS bezeichnung,
    any_value(system.org_unit_id) AS org_unit_id,
    max(month.grad) FILTER (WHERE month.ziel = 'portal') AS portal,
    max(month.grad) FILTER (WHERE month.ziel = 'steuerung') AS steuerung,
    max(month.grad) FILTER (WHERE month.ziel = 'dms') AS dms,
    coalesce(any_value(link.leistungen), 0) AS leistungen,
    any_value(system.betrieb) AS betrieb,
    string_agg(DISTINCT month.grund, '; ' ORDER BY month.grund) AS grund
FROM core.fachverfahren_month AS month
INNER JOIN core.fachverfahren AS system ON system.fachverfahren_id = month.fachverfahren_id
LEFT JOIN (
    SELECT fachverfahren_id, count(DISTINCT service_id) AS leistungen
    FROM core.fachverfahren_leistung
    GROUP BY fachverfahren_id
) AS link ON link.fachverfahren_id = month.fachverfahren_id
WHERE month.is_current
GROUP BY month.fachverfahren_id
