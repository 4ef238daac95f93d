/* ---
label          = "Bearbeitungsdauer (Median)"
short          = "Bearbeitungsdauer"
number         = "WIR-01"
question       = "Wie lange dauert es vom vollständigen Antrag bis zur Entscheidung?"
kind           = "quantile"
quantile       = 0.5
population     = "vorgang_entschieden"
unit           = "days"
better         = "lower"
over_time      = "sum"
window_months  = 3
dimensions     = ["procedure", "channel", "org_unit_id"]
scope          = "organisation"
numerator_text = "Kalendertage vom vollständigen Eingang bis zur Entscheidung, je entschiedenem Vorgang"
meaning        = "Mittlerer Wert (Median) der Kalendertage vom vollständigen Eingang bis zur Entscheidung: Die Hälfte der in den letzten drei vollen Monaten entschiedenen Vorgänge war schneller."
revised        = 2026-01-15
least_cases    = 5
limits         = "Aus weniger als fünf Vorgängen wird kein Median angegeben: Er wäre die Dauer einzelner. Noch offene Vorgänge sind nicht enthalten. Gezählt werden Kalendertage, nicht Arbeitszeit. Vorgänge mit einer Entscheidung vor dem Eingang bleiben außen vor."
--- */
SELECT
    period,
    org_unit_id,
    procedure,
    channel,
    days AS bucket,
    sum(n) AS n
FROM mart.case_duration
GROUP BY ALL
