/* What became of each unit on a day of reorganisation (`version` begins with it): its declared successors, else
   the unit itself when it existed the day before. */
WITH declared AS (
    SELECT DISTINCT version.version, mapping.from_unit_id, mapping.to_unit_id
    FROM stage.org_mapping AS mapping
    INNER JOIN core.org_version AS version ON version.first_day = mapping.valid_from
)
SELECT version, from_unit_id, to_unit_id FROM declared
UNION ALL
SELECT DISTINCT version.version, unit.unit_id AS from_unit_id, unit.unit_id AS to_unit_id
FROM core.org_version AS version
INNER JOIN stage.org_unit AS unit
    ON version.version > 0
    AND unit.valid_from < version.first_day
    AND (unit.valid_to IS NULL OR unit.valid_to >= version.first_day - INTERVAL 1 DAY)
ANTI JOIN declared ON declared.version = version.version AND declared.from_unit_id = unit.unit_id
