/* Every unit with each unit above it, itself included (depth 0), at the business date.
   The path stops the walk when a delivery contains a circle. */
WITH RECURSIVE walk AS (
    SELECT unit_id, unit_id AS ancestor_id, 0 AS depth, [unit_id] AS path
    FROM core.org_unit_current
    UNION ALL
    SELECT walk.unit_id, unit.parent_id, walk.depth + 1, list_append(walk.path, unit.parent_id)
    FROM walk
    INNER JOIN core.org_unit_current AS unit ON unit.unit_id = walk.ancestor_id
    WHERE unit.parent_id IS NOT NULL AND NOT list_contains(walk.path, unit.parent_id)
)
SELECT ancestor_id, unit_id, min(depth) AS depth
FROM walk
GROUP BY ancestor_id, unit_id
