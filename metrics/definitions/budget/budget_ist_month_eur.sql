/* ---
label            = "Gebuchter Aufwand je Monat"
short            = "Ist je Monat"
number           = "BUD-07"
question         = "Wie viel wurde im Monat gebucht?"
kind             = "sum"
population       = "haushaltsansatz"
unit             = "eur"
better           = "none"
over_time        = "sum"
dimensions       = ["produkt", "position_id", "position"]
choose_one       = { plan_art = "ergebnisplan", haushaltsjahr = "@year" }
scope            = "city"
numerator_text   = "Buchungen des Haushaltsjahres mit Buchungstag im Monat"
meaning          = "Aufwand nach dem Monat der Buchung; im Finanzplan die Auszahlungen."
legal            = "§ 27 Abs. 3 KomHKVO (Niedersachsen)"
revised          = 2026-01-15
limits           = "Der laufende Monat ist unvollständig. Was erst im Folgejahr für das Vorjahr gebucht wird, ist hier nicht enthalten, wohl aber im Ist des Vorjahres."

[records]
list = "bookings"
--- */
SELECT
    period,
    haushaltsjahr,
    plan_art,
    produkt,
    position_id,
    position,
    sum(ist_eur) AS numerator
FROM mart.budget_flow
WHERE ist_eur IS NOT NULL
GROUP BY ALL
