/* One row per unit with the nearest unit of each level at or above it; exactly one, so that no row of a
   figure is ever counted twice in a breakdown, whatever the delivered tree looks like. */
SELECT
    tree.unit_id,
    min_by(tree.ancestor_id, tree.depth) FILTER (WHERE above.kind = 'dezernat') AS dezernat,
    min_by(tree.ancestor_id, tree.depth) FILTER (WHERE above.kind = 'fachbereich') AS fachbereich,
    min_by(tree.ancestor_id, tree.depth) FILTER (WHERE above.kind = 'fachdienst') AS fachdienst
FROM core.org_tree AS tree
INNER JOIN core.org_unit_current AS above ON above.unit_id = tree.ancestor_id
GROUP BY tree.unit_id
