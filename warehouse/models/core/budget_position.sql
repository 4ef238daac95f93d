/* Every budget position of a year that anything was planned, booked, ordered or forecast for. */
WITH seen AS (
    SELECT haushaltsjahr, plan_art, produkt, position_id FROM stage.budget_plan
    UNION
    SELECT haushaltsjahr, plan_art, produkt, position_id FROM stage.booking
    UNION
    SELECT haushaltsjahr, plan_art, produkt, position_id FROM stage.commitment
    UNION
    SELECT haushaltsjahr, plan_art, produkt, position_id FROM stage.budget_month
),
named AS (
    SELECT
        haushaltsjahr, plan_art, produkt, position_id, max_by(position, decided_on) AS position
    FROM stage.budget_plan
    GROUP BY haushaltsjahr, plan_art, produkt, position_id
)
SELECT
    seen.haushaltsjahr,
    seen.plan_art,
    seen.produkt,
    seen.position_id,
    coalesce(named.position, seen.position_id) AS position
FROM seen
LEFT JOIN named
    ON named.haushaltsjahr = seen.haushaltsjahr AND named.plan_art = seen.plan_art
    AND named.produkt = seen.produkt AND named.position_id = seen.position_id
