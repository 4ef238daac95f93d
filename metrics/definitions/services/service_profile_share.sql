/* ---
label            = "Leistungen mit erhobenen Merkmalen"
short            = "Merkmale erhoben"
number           = "LST-01"
question         = "Für welchen Anteil unserer Einzelleistungen sind die Merkmale erhoben?"
kind             = "share"
population       = "einzelleistung_eigen"
unit             = "percent"
better           = "higher"
over_time        = "last"
dimensions       = ["org_unit_id", "themenfeld"]
choose_one       = { zielgruppe = "alle" }
scope            = "organisation"
decimals         = 1
numerator_text   = "Einzelleistungen in eigener Zuständigkeit, für die am Stichtag ein Leistungsprofil gilt"
denominator_text = "Alle Einzelleistungen in eigener Zuständigkeit am Stichtag"
meaning          = "Wie weit die Aufnahme der Leistungen gekommen ist. Alle Kennzahlen zu Merkmalen (LST-02 bis LST-05) beziehen sich nur auf Leistungen, für die das Merkmal erhoben ist; diese Zahl sagt, wie viele das sind."
revised          = 2026-06-01
limits           = "Ein Leistungsprofil zählt auch dann, wenn einzelne Merkmale darin leer sind. Eine Leistung mit zwei Zielgruppen steht unter beiden; Zielgruppen werden deshalb nie zusammengezählt."

[records]
list = "services"
only = { zielgruppe = "alle" }
--- */
SELECT
    period,
    org_unit_id,
    themenfeld,
    zielgruppe,
    sum(profiled) AS numerator,
    sum(services) AS denominator
FROM mart.service_trait
GROUP BY ALL
