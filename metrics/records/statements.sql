/* ---
label = "Aussagen aus Ratsvorlagen"
scope = "city"
order = ["city", "-paper_on", "statement_id"]
key = ["statement_id"]
subject = "statement"

[columns]
statement_id = { label = "Kennung", type = "text" }
city         = { label = "Stadt", type = "text" }
paper        = { label = "Vorlage", type = "text" }
paper_on     = { label = "vom", type = "date" }
topic        = { label = "Gegenstand", type = "text" }
qualifier    = { label = "Einschränkung", type = "text" }
value_low    = { label = "Wert", type = "number" }
value_high   = { label = "Obere Grenze", type = "number" }
unit         = { label = "Einheit", type = "text" }
population   = { label = "Grundgesamtheit", type = "text" }
stichtag     = { label = "Stichtag", type = "date" }
status       = { label = "Art der Angabe", type = "text" }
wording      = { label = "Wortlaut der Einschränkung", type = "text" }
due_kind     = { label = "Art der Frist", type = "text" }
due_on       = { label = "Frist", type = "date" }
--- */
SELECT
    statement_id, city, paper, paper_on, topic, qualifier, value_low, value_high, unit, population, stichtag, status,
    wording, due_kind, due_on
FROM core.statement
