/* Places of each ranking at the business date: Σ weight × points ÷ Σ weight, points as last assessed. An object
   without points for every criterion gets no place: a gap is not zero points. */
WITH points AS (
    SELECT score.ranking_id, score.object_id, score.criterion, max_by(score.points, score.assessed_on) AS points
    FROM stage.ranking_score AS score
    CROSS JOIN core.run AS run
    WHERE score.assessed_on <= run.business_date
    GROUP BY ALL
),
weighed AS (
    SELECT
        criterion.ranking_id,
        points.object_id,
        count(points.points) AS criteria,
        sum(criterion.weight * points.points) AS weighed,
        sum(criterion.weight) AS weights,
        string_agg(
            criterion.title || ' ' || replace(CAST(CAST(points.points AS DECIMAL(9, 1)) AS VARCHAR), '.', ','), ' · '
            ORDER BY criterion.position
        ) AS points_text
    FROM core.ranking_criterion AS criterion
    INNER JOIN points ON points.ranking_id = criterion.ranking_id AND points.criterion = criterion.criterion
    GROUP BY criterion.ranking_id, points.object_id
),
needed AS (
    SELECT ranking_id, count(*) AS criteria FROM core.ranking_criterion GROUP BY ranking_id
)
SELECT
    weighed.ranking_id,
    weighed.object_id,
    weighed.criteria = needed.criteria AS is_complete,
    CASE WHEN weighed.criteria = needed.criteria THEN
        CAST(weighed.weighed / weighed.weights AS DECIMAL(9, 4))
    END AS points,
    CASE WHEN weighed.criteria = needed.criteria THEN
        rank() OVER (
            PARTITION BY weighed.ranking_id, weighed.criteria = needed.criteria
            ORDER BY CAST(weighed.weighed / weighed.weights AS DECIMAL(9, 4)) DESC
        )
    END AS place,
    weighed.points_text
FROM weighed
INNER JOIN needed USING (ranking_id)
