/* The tasks of units change on the days of a reorganisation with a declared mapping; between two such days they
   stay. Version 0 is before the first. A mere change of parent makes no version: the unit keeps its tasks. */
WITH change AS (
    SELECT DISTINCT valid_from AS first_day FROM stage.org_mapping
    UNION
    SELECT DATE '0001-01-01' AS first_day
)
SELECT
    row_number() OVER (ORDER BY first_day) - 1 AS version,
    first_day,
    CAST(coalesce(lead(first_day) OVER (ORDER BY first_day) - INTERVAL 1 DAY, DATE '9999-12-31') AS DATE) AS last_day
FROM change
