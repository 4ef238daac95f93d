/* What core.org_rollup says for the tree of today, for the tree of every stretch of days: each unit with the
   nearest unit of each level at or above it. The path stops the walk when a delivery contains a circle. */
WITH RECURSIVE walk AS (
    SELECT first_day, last_day, unit_id, unit_id AS ancestor_id, kind, parent_id, 0 AS depth, [unit_id] AS path
    FROM core.org_unit_at
    UNION ALL
    SELECT
        walk.first_day,
        walk.last_day,
        walk.unit_id,
        above.unit_id AS ancestor_id,
        above.kind,
        above.parent_id,
        walk.depth + 1 AS depth,
        list_append(walk.path, above.unit_id) AS path
    FROM walk
    INNER JOIN core.org_unit_at AS above
        ON above.first_day = walk.first_day AND above.unit_id = walk.parent_id
    WHERE NOT list_contains(walk.path, above.unit_id)
)
SELECT
    first_day,
    last_day,
    unit_id,
    min_by(ancestor_id, depth) FILTER (WHERE kind = 'dezernat') AS dezernat,
    min_by(ancestor_id, depth) FILTER (WHERE kind = 'fachbereich') AS fachbereich,
    min_by(ancestor_id, depth) FILTER (WHERE kind = 'fachdienst') AS fachdienst
FROM walk
GROUP BY first_day, last_day, unit_id
