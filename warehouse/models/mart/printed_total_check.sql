/* Printed totals beside the sums recomputed from their single values. `difference_eur` is printed minus
   recomputed; NULL = nothing to recompute from. Printed sums may miss by rounding, hence three euros. */
WITH own AS (
    SELECT haushaltsjahr, plan_art, produkt, sum(amount_eur) AS amount_eur
    FROM (
        SELECT haushaltsjahr, plan_art, produkt, amount_eur
        FROM stage.budget_plan
        WHERE komponente = 'ansatz'
        UNION ALL
        SELECT haushaltsjahr, plan_art, 'gesamt', amount_eur
        FROM stage.budget_plan
        WHERE komponente = 'ansatz'
    ) AS part
    GROUP BY haushaltsjahr, plan_art, produkt
),
other AS (
    SELECT
        city,
        haushaltsjahr,
        betrag_typ,
        sum(amount_eur) FILTER (WHERE richtung = 'ertrag') AS ertrag_eur,
        sum(amount_eur) FILTER (WHERE richtung = 'aufwand') AS aufwand_eur
    FROM mart.city_budget_year
    GROUP BY city, haushaltsjahr, betrag_typ
),
compared AS (
    SELECT
        printed.*,
        CASE
            WHEN printed.bezug = 'eigener_haushalt' THEN own.amount_eur
            WHEN printed.richtung = 'ertrag' THEN other.ertrag_eur
            WHEN printed.richtung = 'aufwand' THEN other.aufwand_eur
            WHEN printed.richtung = 'saldo' THEN other.ertrag_eur - other.aufwand_eur
        END AS recomputed_eur
    FROM stage.printed_total AS printed
    LEFT JOIN own
        ON printed.bezug = 'eigener_haushalt' AND printed.betrag_typ = 'ansatz'
        AND printed.richtung IN ('aufwand', 'auszahlung')
        AND own.haushaltsjahr = printed.haushaltsjahr AND own.plan_art = printed.plan_art
        AND own.produkt = printed.produkt
    LEFT JOIN other
        ON printed.bezug = 'andere_stadt' AND printed.produkt = 'gesamt'
        AND printed.plan_art = 'ergebnisplan'
        AND other.city = printed.city AND other.haushaltsjahr = printed.haushaltsjahr
        AND other.betrag_typ = printed.betrag_typ
)
SELECT
    document,
    bezug,
    city,
    haushaltsjahr,
    betrag_typ,
    plan_art,
    richtung,
    produkt,
    fundstelle,
    amount_eur AS printed_eur,
    recomputed_eur,
    amount_eur - recomputed_eur AS difference_eur,
    abs(amount_eur - recomputed_eur) <= 3 AS agrees
FROM compared
