/* Each budget at each month end judged as a whole. A budget with a position nobody has estimated has no
   balance (NULL): the sum of the others would claim too much. */
SELECT
    period,
    haushaltsjahr,
    plan_art,
    deckungskreis,
    deckungskreis_titel,
    in_budget,
    sum(frame_eur) AS frame_eur,
    sum(ist_eur) AS ist_eur,
    sum(obligo_eur) AS obligo_eur,
    CASE WHEN count(forecast_eur) = count(*) THEN sum(forecast_eur) END AS forecast_eur,
    count(*) AS positions,
    count(*) FILTER (WHERE forecast_eur > frame_eur) AS positions_over
FROM mart.deckungskreis_stock
GROUP BY period, haushaltsjahr, plan_art, deckungskreis, deckungskreis_titel, in_budget
