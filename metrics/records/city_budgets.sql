/* ---
label = "Haushalte anderer Städte"
scope = "city"
order = ["city", "-haushaltsjahr", "betrag_typ"]
key = ["city", "haushaltsjahr", "betrag_typ", "document"]
apart = ["haushaltsjahr", "betrag_typ", "document"]

[columns]
city          = { label = "Stadt", type = "text" }
haushaltsjahr = { label = "Haushaltsjahr", type = "year" }
betrag_typ    = { label = "Art", type = "text" }
ertrag_eur    = { label = "Ertrag", type = "eur" }
aufwand_eur   = { label = "Aufwand", type = "eur" }
saldo_eur     = { label = "Ertrag − Aufwand", type = "eur" }
positions     = { label = "Einzelwerte", type = "integer", sum = true }
document      = { label = "Dokument", type = "text" }
--- */
SELECT
    city,
    haushaltsjahr,
    betrag_typ,
    sum(amount_eur) FILTER (WHERE richtung = 'ertrag') AS ertrag_eur,
    sum(amount_eur) FILTER (WHERE richtung = 'aufwand') AS aufwand_eur,
    sum(CASE WHEN richtung = 'ertrag' THEN amount_eur ELSE -amount_eur END) AS saldo_eur,
    sum(positions) AS positions,
    document
FROM mart.city_budget_year
GROUP BY city, haushaltsjahr, betrag_typ, document
