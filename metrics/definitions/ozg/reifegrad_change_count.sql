/* ---
label          = "Verbessert, verschlechtert oder neu bewertet"
short          = "Verbessert / neu bewertet"
number         = "RG-06"
question       = "Wie viele Einstufungen haben sich geändert, weil sich die Leistung verändert hat, und wie viele, weil sich der Maßstab geändert hat?"
kind           = "sum"
population     = "einstufung"
unit           = "count"
better         = "none"
over_time      = "sum"
window_months  = 12
dimensions     = ["aenderung", "from_modell", "from_level", "to_level", "umrechnung", "org_unit_id", "themenfeld"]
choose_one     = { reifegrad_modell = "ozg_1_1" }
scope          = "organisation"
numerator_text = "Einstufungen im Zeitraum, jede verglichen mit der vorigen derselben Einzelleistung"
meaning        = "Jede Einstufung gegen die vorige derselben Leistung. „verbessert“ und „verschlechtert“: gleiches Modell, gleiche Fassung, die Stufe liegt sicher höher oder niedriger. „neu_bewertet“: Der Maßstab hat sich geändert, durch ein anderes Modell, eine andere Fassung oder eine neue Sicht auf eine unveränderte Leistung. „offen“: Die Spannen überschneiden sich. „bestaetigt“: gleiche Stufe. „erstmals“: nie vorher eingestuft."
legal          = "Stufen des gewählten Reifegradmodells"
revised        = 2026-06-01
limits         = "Gezählt werden Einstufungen, nicht Leistungen: Wer zweimal steigt, zählt zweimal. Ob beim Wechsel des Modells die Umrechnung die neue Stufe allein erklärt, sagt „umrechnung“. Ohne angegebenen Anlass gilt eine andere Stufe im selben Modell als Veränderung der Leistung."

[records]
list = "reifegrad_changes"
columns = { from_level = "from_reifegrad", to_level = "reifegrad" }
--- */
SELECT
    period,
    org_unit_id,
    themenfeld,
    reifegrad_modell,
    aenderung,
    from_modell,
    from_level,
    to_level,
    umrechnung,
    sum(services) AS numerator
FROM mart.reifegrad_change
GROUP BY ALL
