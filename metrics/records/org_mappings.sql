/* ---
label = "Übergänge bei einem Umbau der Verwaltung"
scope = "city"
order = ["-valid_from", "from_unit_id", "to_unit_id"]

[columns]
valid_from   = { label = "Umbau am", type = "date" }
from_unit_id = { label = "Bisherige Einheit", type = "unit" }
to_unit_id   = { label = "Fortführende Einheit", type = "unit" }
uebertragbar = { label = "Zahlen übertragbar", type = "boolean" }
grundlage    = { label = "Grundlage", type = "text" }
--- */
SELECT
    mapping.valid_from,
    mapping.from_unit_id,
    mapping.to_unit_id,
    EXISTS (
        SELECT 1
        FROM core.org_transfer AS transfer
        WHERE
            transfer.unit_id = mapping.from_unit_id
            AND transfer.to_unit_id = mapping.to_unit_id
            AND transfer.from_last = mapping.valid_from - INTERVAL 1 DAY
            AND transfer.to_first = mapping.valid_from
    ) AS uebertragbar,
    mapping.grundlage
FROM core.org_mapping AS mapping
