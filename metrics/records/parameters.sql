/* ---
label = "Parameter mit Tag und Quelle"
scope = "city"
order = ["parameter_id", "-valid_from"]
key = ["parameter_id", "valid_from"]

[columns]
parameter_id = { label = "Kennung", type = "text" }
title        = { label = "Parameter", type = "text" }
amount       = { label = "Wert", type = "number" }
unit         = { label = "Einheit", type = "text" }
valid_from   = { label = "Gilt ab", type = "date" }
valid_to     = { label = "Gilt bis", type = "date" }
source       = { label = "Quelle", type = "text" }
is_current   = { label = "Gilt heute", type = "boolean" }
--- */
SELECT
    parameter.parameter_id, parameter.title, parameter.amount, parameter.unit, parameter.valid_from,
    parameter.valid_to, parameter.source,
    parameter.valid_from <= run.business_date
    AND (parameter.valid_to IS NULL OR parameter.valid_to >= run.business_date) AS is_current
FROM core.parameter AS parameter
CROSS JOIN core.run AS run
