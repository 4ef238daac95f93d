/* What the posts of the Stellenplan cost in a year, by the basis in force on the Stichtag. A grade nobody has
   stated a cost for is unknown (NULL), never free; what is stated for a grade goes before what is stated for
   all. */
WITH kind AS (
    SELECT unnest(['personal', 'arbeitsplatz']) AS kostenart
),
basis AS (
    SELECT
        post.period,
        post.post_id,
        cost.kostenart,
        cost.cost_eur,
        cost.stand,
        cost.quelle
    FROM core.post_month AS post
    INNER JOIN stage.personnel_cost AS cost
        ON cost.grade IN (post.grade, 'alle') AND cost.valid_from <= post.stichtag
    QUALIFY row_number() OVER (
        PARTITION BY post.period, post.post_id, cost.kostenart
        ORDER BY cost.grade = post.grade DESC, cost.valid_from DESC
    ) = 1
)
SELECT
    post.period,
    post.post_id,
    post.produkt,
    post.org_unit_id,
    post.grade,
    post.fte,
    kind.kostenart,
    basis.cost_eur,
    basis.stand,
    basis.quelle,
    CAST(round(post.fte * basis.cost_eur, 2) AS DECIMAL(18, 2)) AS amount_eur
FROM core.post_month AS post
CROSS JOIN kind
LEFT JOIN basis
    ON basis.period = post.period AND basis.post_id = post.post_id AND basis.kostenart = kind.kostenart
