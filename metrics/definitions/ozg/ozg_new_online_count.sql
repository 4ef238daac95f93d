/* ---
label          = "Leistungen neu online"
short          = "Neu online"
number         = "OZG-02"
question       = "Wie viele Einzelleistungen gehen neu online?"
kind           = "sum"
population     = "einzelleistung_eigen"
unit           = "count"
better         = "higher"
over_time      = "sum"
window_months  = 6
dimensions     = ["org_unit_id", "themenfeld"]
choose_one     = { reifegrad_modell = "ozg_1_1" }
scope          = "organisation"
numerator_text = "Einzelleistungen, die im Zeitraum zum ersten Mal Reifegrad 3 oder höher erreicht haben"
meaning        = "Einzelleistungen in eigener Zuständigkeit, die zum ersten Mal Reifegrad 3 oder höher erreichen, in den letzten sechs vollen Monaten. Geteilt durch sechs ist das das Tempo je Monat."
legal          = "Reifegradmodell des Bundes 1.1 (Stufen 0 bis 4)"
revised        = 2026-01-15
limits         = "Eine Leistung zählt nur beim ersten Mal; wer zurückgestuft wird und wieder aufsteigt, zählt nicht erneut. Im ersten Monat der Aufzeichnung erscheint der Anfangsbestand."

[records]
list = "services_newly_online"
--- */
SELECT
    period,
    org_unit_id,
    themenfeld,
    reifegrad_modell,
    sum(newly_online) AS numerator
FROM mart.service_level
GROUP BY ALL
