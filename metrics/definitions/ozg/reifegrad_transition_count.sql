/* ---
label          = "Leistungen nach Wechsel der Stufe seit Jahresbeginn"
short          = "Wechsel der Stufe"
number         = "RG-04"
question       = "Welche Stufen haben unsere Einzelleistungen seit dem Ende des Vorjahres gewechselt?"
kind           = "sum"
population     = "einzelleistung_eigen"
unit           = "count"
better         = "none"
over_time      = "last"
dimensions     = ["from_level", "to_level", "wechsel", "org_unit_id", "themenfeld"]
choose_one     = { reifegrad_modell = "ozg_1_1" }
scope          = "organisation"
numerator_text = "Einzelleistungen nach Stufe am 31.12. des Vorjahres und Stufe am Stichtag"
meaning        = "Jede Einzelleistung zählt einmal, mit ihrer Stufe am Ende des Vorjahres und ihrer Stufe am Stichtag; auch solche, die sich nicht bewegt haben. Der Wechsel ist neu online (am Vergleichstag unter Stufe 3 oder ohne Einstufung, am Stichtag ab Stufe 3), höher, gleich, zurückgestuft oder neu erfasst."
legal          = "Reifegradmodell des Bundes 1.1 (Stufen 0 bis 4)"
revised        = 2026-01-15
limits         = "„neu“ stand am Vergleichstag noch nicht in der Liste, „ohne“ war noch nicht eingestuft. „neu online“ vergleicht zwei Tage: Wer schon früher einmal online und am Vergleichstag zurückgestuft war, zählt hier wieder, bei „Leistungen neu online“ nicht."

[records]
list = "reifegrad_changes"
columns = { from_level = "from_reifegrad", to_level = "reifegrad" }
--- */
SELECT
    period,
    org_unit_id,
    themenfeld,
    reifegrad_modell,
    from_level,
    to_level,
    wechsel,
    sum(services) AS numerator
FROM mart.service_transition
GROUP BY ALL
