/* Which unit of one time (to_first to to_last) carries on the figures of a unit of another, later or earlier; no row
   where figures cannot be carried over. They can where a unit went whole into one other, and only then when
   everything that other unit is made of did so as well: a cell is whole or it is not given. Shares of a divided
   unit are never guessed. */
WITH RECURSIVE reach AS (
    SELECT DISTINCT
        version.version AS early,
        unit.unit_id AS early_unit,
        version.version AS late,
        unit.unit_id AS late_unit
    FROM core.org_version AS version
    CROSS JOIN stage.org_unit AS unit
    UNION
    SELECT reach.early, reach.early_unit, step.version AS late, step.to_unit_id AS late_unit
    FROM reach
    INNER JOIN core.org_step AS step
        ON step.version = reach.late + 1 AND step.from_unit_id = reach.late_unit
),
pair AS (
    SELECT early AS from_version, early_unit AS unit_id, late AS to_version, late_unit AS to_unit_id FROM reach
    UNION
    SELECT late AS from_version, late_unit AS unit_id, early AS to_version, early_unit AS to_unit_id FROM reach
),
counted AS (
    SELECT *, count(*) OVER (PARTITION BY from_version, to_version, unit_id) AS successors
    FROM pair
),
whole AS (
    SELECT from_version, unit_id, to_version, to_unit_id
    FROM counted
    QUALIFY max(successors) OVER (PARTITION BY from_version, to_version, to_unit_id) = 1
)
SELECT
    whole.unit_id,
    early.first_day AS from_first,
    early.last_day AS from_last,
    whole.to_unit_id,
    late.first_day AS to_first,
    late.last_day AS to_last
FROM whole
INNER JOIN core.org_version AS early ON early.version = whole.from_version
INNER JOIN core.org_version AS late ON late.version = whole.to_version
