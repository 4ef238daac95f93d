/* From which day to before which day each deadline decides, per rule. Of two named on one day the one whose source
   sorts last decides. */
WITH ordered AS (
    SELECT
        about,
        object_id,
        kind,
        precision,
        due_end,
        source,
        stated_on,
        row_number() OVER (PARTITION BY about, object_id ORDER BY stated_on, source) AS turn,
        lead(stated_on) OVER (PARTITION BY about, object_id ORDER BY stated_on, source) AS next_stated_on
    FROM core.deadline
)
SELECT
    'zuletzt_genannt' AS fristregel, about, object_id, kind, precision, due_end, source,
    stated_on AS from_day, next_stated_on AS until_day
FROM ordered
UNION ALL
SELECT
    'zuerst_genannt', about, object_id, kind, precision, due_end, source,
    stated_on, NULL
FROM ordered
WHERE turn = 1
