/* ---
label            = "Kosten je Vorgang"
short            = "Kosten je Vorgang"
number           = "KLR-01"
question         = "Was kostet ein entschiedener Vorgang?"
kind             = "mean"
population       = "vorgang_entschieden"
unit             = "eur"
better           = "none"
over_time        = "sum"
window_months    = 12
dimensions       = ["procedure", "leistung", "org_unit_id"]
scope            = "organisation"
decimals         = 2
numerator_text   = "Kosten des Verfahrens im Zeitraum nach der Kosten- und Leistungsrechnung"
denominator_text = "Im Zeitraum entschiedene Vorgänge nach dem Fachverfahren"
meaning          = "Kosten geteilt durch Menge: Geld aus der Kostenrechnung und Leistung aus dem Fachverfahren, für dieselben zwölf vollen Monate."
revised          = 2026-11-15
limits           = "Nur Verfahren und Monate, zu denen beides vorliegt: Kosten vor dem ersten und nach dem letzten Monat mit Entscheidungen bleiben außen vor. Offene Vorgänge kosten schon, zählen aber erst mit ihrer Entscheidung; im einzelnen Monat schwankt der Wert deshalb. Verfahren sind verschieden aufwendig, ein Vergleich zwischen ihnen bewertet nichts. Umlagen folgen dem Schlüssel der Stadt."

[records]
list = "service_costs"
--- */
SELECT
    period,
    org_unit_id,
    procedure,
    leistung,
    sum(cost_eur) AS numerator,
    sum(cases) AS denominator
FROM mart.service_unit_cost
GROUP BY ALL
