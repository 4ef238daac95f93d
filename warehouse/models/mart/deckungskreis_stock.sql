/* Budget positions at each month end with the budget they belong to. A position no budget names stands
   alone: nothing else covers it. A budget has one title a year, however its rows spell it. */
WITH named AS (
    SELECT haushaltsjahr, plan_art, deckungskreis, max(deckungskreis_titel) AS deckungskreis_titel
    FROM stage.deckungskreis
    GROUP BY haushaltsjahr, plan_art, deckungskreis
)
SELECT
    stock.period,
    stock.haushaltsjahr,
    stock.plan_art,
    coalesce(member.deckungskreis, 'einzeln: ' || stock.produkt || '/' || stock.position_id) AS deckungskreis,
    coalesce(named.deckungskreis_titel, stock.position) AS deckungskreis_titel,
    member.deckungskreis IS NOT NULL AS in_budget,
    stock.produkt,
    stock.position_id,
    stock.position,
    stock.frame_eur,
    stock.ist_eur,
    stock.obligo_eur,
    stock.forecast_eur
FROM mart.budget_stock AS stock
LEFT JOIN stage.deckungskreis AS member
    ON member.haushaltsjahr = stock.haushaltsjahr AND member.plan_art = stock.plan_art
    AND member.produkt = stock.produkt AND member.position_id = stock.position_id
LEFT JOIN named
    ON named.haushaltsjahr = member.haushaltsjahr AND named.plan_art = member.plan_art
    AND named.deckungskreis = member.deckungskreis
