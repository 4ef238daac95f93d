/* Values of the attributes a service may have several of, for figures by such an attribute: each service under
   each of its values, under „ohne“ when it has none, and once under „alle“. Only one value may be chosen at a
   time (choose_one), so nothing is ever counted twice. */
WITH merkmal AS (
    SELECT 'zielgruppe' AS merkmal
    UNION
    SELECT DISTINCT merkmal FROM stage.service_attribute
),
stated AS (
    SELECT DISTINCT service_id, merkmal, wert FROM stage.service_attribute WHERE wert NOT IN ('alle', 'ohne')
)
SELECT service.service_id, merkmal.merkmal, coalesce(stated.wert, 'ohne') AS wert
FROM stage.service AS service
CROSS JOIN merkmal
LEFT JOIN stated ON stated.service_id = service.service_id AND stated.merkmal = merkmal.merkmal
UNION ALL
SELECT service.service_id, merkmal.merkmal, 'alle' AS wert
FROM stage.service AS service
CROSS JOIN merkmal
