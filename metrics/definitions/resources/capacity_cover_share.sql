/* ---
label            = "Deckung der Personentage"
short            = "Personentage: Deckung"
number           = "RES-01"
question         = "Reichen die Personentage für die OZG-Umsetzung in diesem Jahr?"
kind             = "share"
population       = "personentag"
unit             = "percent"
better           = "higher"
over_time        = "last"
dimensions       = ["role"]
scope            = "city"
decimals         = 1
numerator_text   = "Verfügbare Personentage des ganzen Jahres"
denominator_text = "Benötigte Personentage des ganzen Jahres"
meaning          = "Verfügbare Personentage geteilt durch benötigte, für das ganze Kalenderjahr des Stichtags. Über 100 % heißt: mehr Zeit als Bedarf."
revised          = 2026-01-15
limits           = "Überschuss in einer Rolle gleicht in der Gesamtzahl Mangel in der anderen aus; der Engpass zeigt sich erst nach Rollen."

[records]
list = "capacities"
--- */
SELECT
    period,
    role,
    sum(available_pt) AS numerator,
    sum(needed_pt) AS denominator
FROM mart.capacity_year
GROUP BY ALL
