/* ---
label = "Stellen des Stellenplans"
scope = "organisation"
order = ["produkt", "-grade", "post_id"]
key = ["post_id"]
subject = "post"

[columns]
post_id       = { label = "Stelle", type = "text" }
bezeichnung   = { label = "Aufgabe", type = "text" }
produkt       = { label = "Produkt", type = "text" }
org_unit_id   = { label = "Fachdienst", type = "unit" }
art           = { label = "Art", type = "text" }
grade         = { label = "Gruppe", type = "text" }
fte           = { label = "VZÄ", type = "number", sum = true }
befristet_bis = { label = "befristet bis", type = "date" }
kw            = { label = "kw", type = "boolean" }
kw_ab         = { label = "kw ab", type = "date" }
ku_nach       = { label = "ku nach", type = "text" }
cost_eur      = { label = "Kosten im Jahr", type = "eur" }
stand         = { label = "Stand der Kosten", type = "text" }
quelle        = { label = "Fundstelle der Kosten", type = "text" }
beschluss     = { label = "Beschluss", type = "text" }
--- */
SELECT
    post.post_id,
    post.bezeichnung,
    post.produkt,
    post.org_unit_id,
    post.art,
    post.grade,
    post.fte,
    post.befristet_bis,
    post.kw,
    post.kw_ab,
    post.ku_nach,
    cost.amount_eur AS cost_eur,
    cost.stand,
    cost.quelle,
    post.beschluss
FROM core.post_month AS post
INNER JOIN core.calendar AS calendar ON calendar.period = post.period AND calendar.is_current
LEFT JOIN mart.post_cost AS cost
    ON cost.period = post.period AND cost.post_id = post.post_id AND cost.kostenart = 'personal'
