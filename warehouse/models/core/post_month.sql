/* Each post of the Stellenplan at each month end, with the extent filled on that day. Nobody said = unknown
   (NULL), never vacant. A post set up until a day ends with it, whether or not the plan has struck it out yet. */
WITH planned AS (
    SELECT calendar.period, calendar.stichtag, post.*
    FROM core.calendar AS calendar
    INNER JOIN stage.post AS post
        ON post.valid_from <= calendar.stichtag
        AND (post.valid_to IS NULL OR post.valid_to >= calendar.stichtag)
        AND (post.befristet_bis IS NULL OR post.befristet_bis >= calendar.stichtag)
    QUALIFY row_number() OVER (
        PARTITION BY calendar.period, post.post_id ORDER BY post.valid_from DESC
    ) = 1
),
filled AS (
    SELECT
        planned.period,
        planned.post_id,
        max_by(filled.filled_fte, filled.valid_from) AS filled_fte
    FROM planned
    INNER JOIN stage.post_filled AS filled
        ON filled.post_id = planned.post_id AND filled.valid_from <= planned.stichtag
    GROUP BY planned.period, planned.post_id
)
SELECT
    planned.period,
    planned.stichtag,
    planned.post_id,
    planned.bezeichnung,
    planned.produkt,
    planned.org_unit_id,
    planned.art,
    planned.grade,
    planned.fte,
    -- least() passes over NULL: unknown would count as full.
    CASE WHEN filled.filled_fte IS NOT NULL THEN least(filled.filled_fte, planned.fte) END AS filled_fte,
    planned.befristet_bis,
    coalesce(planned.kw, FALSE) AS kw,
    planned.kw_ab,
    planned.ku_nach,
    planned.beschluss
FROM planned
LEFT JOIN filled ON filled.period = planned.period AND filled.post_id = planned.post_id
