/* Units with their parent in each stretch of days in which no line of the organisation begins or ends. */
WITH edge AS (
    SELECT valid_from AS first_day FROM stage.org_unit
    UNION
    SELECT CAST(valid_to + INTERVAL 1 DAY AS DATE) AS first_day FROM stage.org_unit WHERE valid_to IS NOT NULL
),
stretch AS (
    SELECT
        first_day,
        CAST(
            coalesce(lead(first_day) OVER (ORDER BY first_day) - INTERVAL 1 DAY, DATE '9999-12-31') AS DATE
        ) AS last_day
    FROM edge
),
line AS (
    SELECT
        stretch.first_day,
        stretch.last_day,
        unit.unit_id,
        unit.parent_id,
        unit.kind,
        row_number() OVER (PARTITION BY stretch.first_day, unit.unit_id ORDER BY unit.valid_from DESC) AS place
    FROM stretch
    INNER JOIN stage.org_unit AS unit
        ON unit.valid_from <= stretch.first_day
        AND (unit.valid_to IS NULL OR unit.valid_to >= stretch.first_day)
)
SELECT first_day, last_day, unit_id, parent_id, kind
FROM line
WHERE place = 1
