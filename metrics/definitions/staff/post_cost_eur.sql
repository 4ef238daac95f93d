/* ---
label          = "Personalkosten nach Stellenplan"
short          = "Personalkosten"
number         = "STE-04"
question       = "Was kosten die Stellen des Stellenplans im Jahr?"
kind           = "sum"
population     = "stelle"
unit           = "eur"
better         = "none"
over_time      = "last"
dimensions     = ["produkt", "grade", "kostenart", "org_unit_id"]
scope          = "organisation"
numerator_text = "Umfang jeder Stelle mal Kosten je Stelle nach der am Stichtag geltenden Grundlage"
meaning        = "Jahreskosten der Stellen aus Durchschnittswerten je Entgelt- oder Besoldungsgruppe, dazu die Kosten des Arbeitsplatzes. Grundlage, Stand und Fundstelle stehen an jeder Stelle."
revised        = 2026-11-15
limits         = "Durchschnittswerte, keine Gehälter. Stellen zählen auch, solange sie unbesetzt sind. Liegt für die Gruppe einer Stelle keine Grundlage vor, fehlt ihr Betrag und die Summe sagt „unvollständig“; die Liste der Stellen nennt sie. Gemeinkosten sind nicht enthalten, weil ihre Bezugsgröße je Vorlage verschieden ist."

[records]
list = "posts"
--- */
SELECT
    period,
    org_unit_id,
    produkt,
    grade,
    kostenart,
    sum(amount_eur) AS numerator,
    CASE WHEN count(amount_eur) < count(*) THEN 'unvollständig' END AS qualifier
FROM mart.post_cost
GROUP BY ALL
