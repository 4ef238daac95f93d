/* One row per unit: its version of the business date, for dissolved units their last one.
   Rows of a dissolved unit keep a home, so that figures of past years do not vanish after a reorganisation. */
SELECT
    unit.unit_id,
    unit.parent_id,
    unit.name,
    unit.short,
    unit.kind,
    unit.valid_to IS NULL OR unit.valid_to >= run.business_date AS active
FROM stage.org_unit AS unit
CROSS JOIN core.run AS run
WHERE unit.valid_from <= run.business_date
QUALIFY row_number() OVER (PARTITION BY unit.unit_id ORDER BY unit.valid_from DESC) = 1
