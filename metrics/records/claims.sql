/* ---
label = "Aussagen mit allem, was zu ihrer Prüfung gehört"
scope = "city"
order = ["city", "statement_id"]
key = ["statement_id"]
subject = "statement"

[columns]
statement_id     = { label = "Kennung", type = "text" }
city             = { label = "Stadt", type = "text" }
paper            = { label = "Vorlage", type = "text" }
paper_no         = { label = "Vorlagennummern wie gedruckt", type = "text" }
paper_on         = { label = "vom", type = "date" }
topic            = { label = "Gegenstand", type = "text" }
qualifier        = { label = "Einschränkung", type = "text" }
wording          = { label = "Wortlaut", type = "text" }
value_low        = { label = "Wert", type = "number" }
value_high       = { label = "Obere Grenze", type = "number" }
unit             = { label = "Einheit", type = "text" }
population       = { label = "Grundgesamtheit", type = "text" }
population_id    = { label = "Kennung der Grundgesamtheit", type = "text" }
stichtag         = { label = "Stichtag", type = "date" }
status           = { label = "Art der Angabe", type = "text" }
counting_rule    = { label = "Zählregel", type = "text" }
term             = { label = "Wie die Vorlage den Wert nennt", type = "text" }
asked_for        = { label = "Wonach gefragt war", type = "text" }
reifegrad_modell = { label = "Reifegradmodell", type = "text" }
stufe_von        = { label = "Stufe oder unterste Stufe", type = "integer" }
stufe_bis        = { label = "Oberste Stufe", type = "integer" }
einstufung       = { label = "Wie eingestuft wurde", type = "text" }
due_kind         = { label = "Art der Frist", type = "text" }
due_on           = { label = "Frist", type = "date" }
legal_basis      = { label = "Rechtsgrundlage der Frist", type = "text" }
produkt          = { label = "Produkt wie gedruckt", type = "text" }
produktplan      = { label = "Produktplan", type = "text" }
--- */
SELECT
    statement_id, city, paper, paper_no, paper_on, topic, qualifier, wording, value_low, value_high, unit,
    population, population_id, stichtag, status, counting_rule, term, asked_for, reifegrad_modell, stufe_von,
    stufe_bis, einstufung, due_kind, due_on, legal_basis, produkt, produktplan
FROM core.statement
