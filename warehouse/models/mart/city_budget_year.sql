/* Published budgets of other cities, per year and product. When several documents tell the same year of a
   city, the one last by name counts (a Jahresabschluss sorts behind a Haushaltsplan): adding them up would
   double the money. A year with a missing amount has no sum: unknown is not zero. */
WITH complete AS (
    SELECT city, haushaltsjahr, betrag_typ, document
    FROM stage.city_budget
    GROUP BY city, haushaltsjahr, betrag_typ, document
    HAVING count(*) = count(amount_eur)
),
latest AS (
    SELECT city, haushaltsjahr, betrag_typ, max(document) AS document
    FROM complete
    GROUP BY city, haushaltsjahr, betrag_typ
)
SELECT
    make_date(CAST(budget.haushaltsjahr AS INTEGER), 1, 1) AS period,
    budget.city,
    budget.haushaltsjahr,
    budget.betrag_typ,
    budget.richtung,
    budget.document,
    count(*) AS positions,
    sum(budget.amount_eur) AS amount_eur
FROM stage.city_budget AS budget
INNER JOIN latest USING (city, haushaltsjahr, betrag_typ, document)
GROUP BY ALL
