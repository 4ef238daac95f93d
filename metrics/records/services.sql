/* ---
label = "Einzelleistungen"
scope = "organisation"
order = ["bezeichnung"]
key = ["service_id"]
subject = "service"

[columns]
service_id     = { label = "Kennung", type = "text" }
bezeichnung    = { label = "Leistung", type = "text" }
themenfeld     = { label = "Themenfeld", type = "text" }
org_unit_id    = { label = "Fachdienst", type = "unit" }
reifegrad      = { label = "Reifegrad", type = "integer" }
end_to_end     = { label = "Ende-zu-Ende", type = "boolean" }
assessed_on    = { label = "Eingestuft am", type = "date" }
priority_rank  = { label = "Rang", type = "integer" }
cases_per_year = { label = "Fälle je Jahr", type = "integer", sum = true }
planned_on     = { label = "geplant", type = "date" }
leika_schluessel = { label = "LeiKa-Schlüssel", type = "text" }
buendel        = { label = "OZG-Leistungen", type = "text" }
zielgruppe     = { label = "Zielgruppe", type = "text" }
rechtsgrundlage = { label = "Rechtsgrundlage", type = "text" }
unterschrift   = { label = "Unterschrift", type = "text" }
gebuehr        = { label = "Gebühr", type = "text" }
epayment       = { label = "ePayment", type = "boolean" }
nutzerkonto    = { label = "Nutzerkonto", type = "boolean" }
postfach       = { label = "Postfach", type = "boolean" }
eid            = { label = "eID", type = "boolean" }
dms_nutzung    = { label = "DMS", type = "text" }
loesungsweg    = { label = "Lösungsweg", type = "text" }
musterloesung  = { label = "Musterlösung", type = "text" }
fachverfahren  = { label = "Fachverfahren", type = "text" }
projekte       = { label = "Projekte", type = "text" }
--- */
SELECT
    service_id,
    bezeichnung,
    themenfeld,
    org_unit_id,
    reifegrad,
    end_to_end,
    assessed_on,
    priority_rank,
    cases_per_year,
    planned_on,
    leika_schluessel,
    buendel,
    zielgruppe,
    rechtsgrundlage,
    unterschrift,
    gebuehr,
    epayment,
    nutzerkonto,
    postfach,
    eid,
    dms_nutzung,
    loesungsweg,
    musterloesung,
    fachverfahren,
    projekte
FROM mart.service_list
