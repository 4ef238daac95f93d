/* ---
label = "Umrechnung zwischen Reifegradmodellen"
scope = "city"
order = ["from_modell", "to_modell", "from_reifegrad"]

[columns]
from_modell    = { label = "Von Modell", type = "text" }
from_reifegrad = { label = "Stufe", type = "integer" }
to_modell      = { label = "Nach Modell", type = "text" }
answer         = { label = "Antwort", type = "text" }
reason         = { label = "Grund, wenn nicht übertragbar", type = "text" }
standing       = { label = "Art", type = "text" }
source         = { label = "Quelle", type = "text" }
--- */
SELECT
    from_modell,
    from_reifegrad,
    to_modell,
    CASE
        WHEN to_von IS NULL THEN 'nicht übertragbar'
        WHEN to_von = to_bis THEN CAST(to_von AS VARCHAR)
        ELSE CAST(to_von AS VARCHAR) || '–' || CAST(to_bis AS VARCHAR)
    END AS answer,
    reason,
    standing,
    source
FROM core.reifegrad_crosswalk
