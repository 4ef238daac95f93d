/* ---
label = "Kosten je Verfahren und Monat"
scope = "organisation"
order = ["-month", "procedure", "kostenart"]
key = ["procedure", "month", "kostenart"]
subject = "service_cost"

[columns]
procedure   = { label = "Verfahren", type = "text" }
leistung    = { label = "Leistung", type = "text" }
org_unit_id = { label = "Einheit", type = "unit" }
month       = { label = "Monat", type = "date" }
kostenart   = { label = "Kostenart", type = "text" }
produkt     = { label = "Produkt", type = "text" }
amount_eur  = { label = "Kosten", type = "eur" }
--- */
WITH named AS (
    SELECT procedure, coalesce(max(bezeichnung), procedure) AS leistung
    FROM core.service_cost
    GROUP BY procedure
)
SELECT
    cost.procedure,
    named.leistung,
    cost.org_unit_id,
    cost.month,
    cost.kostenart,
    cost.produkt,
    cost.amount_eur
FROM core.service_cost AS cost
CROSS JOIN core.run AS run
INNER JOIN named ON named.procedure = cost.procedure
WHERE cost.month <= run.business_date
