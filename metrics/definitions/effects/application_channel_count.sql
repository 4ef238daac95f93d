/* ---
label          = "Fallzahlen nach Kanal"
short          = "Fallzahl"
number         = "WIR-12"
question       = "Wie viele Anträge kommen auf welchem Kanal?"
kind           = "sum"
population     = "antrag"
unit           = "count"
better         = "none"
over_time      = "sum"
window_months  = 12
dimensions     = ["procedure", "channel", "org_unit_id"]
scope          = "organisation"
numerator_text = "Anträge, Anzeigen und Meldungen im Zeitraum"
meaning        = "Zahl der Anträge, Anzeigen und Meldungen in den zwölf Monaten bis zum letzten vollen Monat mit Daten, je Verfahren und Kanal."
revised        = 2026-06-09
limits         = "Nur Verfahren, deren Anträge über alle Kanäle gezählt werden. Rückfragen, Beratungen und Folgeanträge zählen nicht."

[records]
list = "applications"
--- */
SELECT
    CAST(date_trunc('month', month) AS DATE) AS period,
    org_unit_id,
    procedure,
    channel,
    sum(applications) AS numerator
FROM core.application_month
GROUP BY ALL
