/* ---
label = "Produkte des Haushalts"
scope = "city"
order = ["produkt", "valid_from"]

[columns]
produkt            = { label = "Produkt", type = "text" }
bezeichnung        = { label = "Bezeichnung", type = "text" }
land               = { label = "Land", type = "text" }
produktgruppe      = { label = "Produktgruppe", type = "text" }
produktgruppe_name = { label = "Bezeichnung der Gruppe", type = "text" }
wesentlich         = { label = "wesentlich", type = "boolean" }
beschluss          = { label = "Beschluss", type = "text" }
valid_from         = { label = "gültig ab", type = "date" }
valid_to           = { label = "gültig bis", type = "date" }
--- */
SELECT
    produkt, bezeichnung, land, produktgruppe, produktgruppe_name, wesentlich, beschluss, valid_from, valid_to
FROM core.product
