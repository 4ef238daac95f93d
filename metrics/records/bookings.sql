/* ---
label = "Buchungen"
scope = "city"
order = ["-booked_on", "booking_id"]
key = ["booking_id"]
subject = "booking"
apart = ["plan_art"]

[columns]
booking_id    = { label = "Belegnummer", type = "text" }
booked_on     = { label = "Buchungstag", type = "date" }
haushaltsjahr = { label = "Haushaltsjahr", type = "year" }
plan_art      = { label = "Plan", type = "text" }
produkt       = { label = "Produkt", type = "text" }
position_id   = { label = "Position", type = "text" }
amount_eur    = { label = "Betrag", type = "eur" }
sachkonto     = { label = "Sachkonto", type = "text" }
kostenstelle  = { label = "Kostenstelle", type = "text" }
--- */
SELECT
    booking_id, booked_on, haushaltsjahr, plan_art, produkt, position_id, amount_eur, sachkonto, kostenstelle
FROM core.booking
CROSS JOIN core.run AS run
WHERE booked_on <= run.business_date
