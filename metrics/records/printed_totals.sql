/* ---
label = "Gedruckte Summen und ihre Nachrechnung"
scope = "city"
order = ["agrees", "-haushaltsjahr", "city", "plan_art", "produkt"]
key = ["city", "document", "haushaltsjahr", "plan_art", "richtung", "produkt", "fundstelle"]
apart = ["document", "haushaltsjahr", "plan_art", "richtung", "produkt"]

[columns]
city           = { label = "Stadt", type = "text" }
document       = { label = "Dokument", type = "text" }
haushaltsjahr  = { label = "Haushaltsjahr", type = "year" }
plan_art       = { label = "Plan", type = "text" }
richtung       = { label = "Richtung", type = "text" }
produkt        = { label = "Produkt", type = "text" }
fundstelle     = { label = "Fundstelle", type = "text" }
printed_eur    = { label = "gedruckt", type = "eur" }
recomputed_eur = { label = "nachgerechnet", type = "eur" }
difference_eur = { label = "Abweichung", type = "eur" }
agrees         = { label = "stimmt", type = "boolean" }
--- */
SELECT
    city,
    document,
    haushaltsjahr,
    plan_art,
    richtung,
    produkt,
    fundstelle,
    printed_eur,
    recomputed_eur,
    difference_eur,
    agrees
FROM mart.printed_total_check
