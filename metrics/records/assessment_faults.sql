/* ---
label = "Einstufungen, die nicht zu ihrem Modell passen"
scope = "organisation"
order = ["bezeichnung", "assessed_on"]

[columns]
service_id       = { label = "Kennung", type = "text" }
bezeichnung      = { label = "Leistung", type = "text" }
org_unit_id      = { label = "Fachdienst", type = "unit" }
reifegrad_modell = { label = "Modell", type = "text" }
stated           = { label = "Angegeben", type = "integer" }
stated_bis       = { label = "angegeben höchstens", type = "integer" }
lowest_criterion = { label = "Niedrigstes Kriterium", type = "integer" }
fault            = { label = "Befund", type = "text" }
assessed_on      = { label = "Eingestuft am", type = "date" }
--- */
WITH judged AS (
    SELECT
        item.service_id,
        item.reifegrad_modell,
        item.stated,
        item.stated_bis,
        item.lowest_criterion,
        item.valid_from,
        CASE
            WHEN model.reifegrad_modell IS NULL THEN 'Modell nicht erklärt'
            WHEN item.stated < model.lowest OR item.stated_bis > model.highest THEN 'Stufe außerhalb der Skala'
            WHEN item.lowest_criterion < item.stated THEN 'höher als das niedrigste Kriterium'
            WHEN item.grundlage = 'kriterien' AND item.lowest_criterion > item.stated_bis
                THEN 'niedriger als das niedrigste Kriterium'
        END AS fault
    FROM core.assessment_interval AS item
    LEFT JOIN core.reifegrad_model AS model ON model.reifegrad_modell = item.reifegrad_modell
)
SELECT
    service.service_id,
    service.bezeichnung,
    service.org_unit_id,
    judged.reifegrad_modell,
    judged.stated,
    judged.stated_bis,
    judged.lowest_criterion,
    judged.fault,
    judged.valid_from AS assessed_on
FROM judged
INNER JOIN core.service AS service ON service.service_id = judged.service_id
WHERE judged.fault IS NOT NULL
