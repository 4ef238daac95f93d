/* ---
label = "Aufgenommene Prozesse"
scope = "organisation"
order = ["name"]
key = ["process_id"]
subject = "process_model"

[columns]
process_id         = { label = "Kennung", type = "text" }
name               = { label = "Prozess", type = "text" }
org_unit_id        = { label = "Fachdienst", type = "unit" }
leika_schluessel   = { label = "LeiKa-Schlüssel", type = "text" }
status             = { label = "Stand", type = "text" }
recorded_on        = { label = "Aufgenommen am", type = "date" }
steps              = { label = "Schritte", type = "integer", sum = true }
media_break_steps  = { label = "mit Medienbruch", type = "integer", sum = true }
cases_per_year     = { label = "Fälle im Jahr", type = "integer", sum = true }
processing_minutes = { label = "Bearbeitungszeit (Minuten)", type = "number" }
lead_days          = { label = "Durchlaufzeit (Tage)", type = "number" }
--- */
SELECT
    process_id,
    name,
    org_unit_id,
    leika_schluessel,
    status,
    recorded_on,
    steps,
    media_break_steps,
    cases_per_year,
    processing_minutes,
    lead_days
FROM core.process_model
