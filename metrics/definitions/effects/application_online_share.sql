/* ---
label            = "Online-Antragsquote"
short            = "Online-Antragsquote"
number           = "WIR-02"
question         = "Welcher Anteil der Anträge kommt online?"
kind             = "share"
population       = "antrag"
unit             = "percent"
better           = "higher"
over_time        = "sum"
window_months    = 12
dimensions       = ["procedure", "org_unit_id"]
scope            = "organisation"
decimals         = 1
numerator_text   = "Online gestellte Anträge im Zeitraum"
denominator_text = "Alle Anträge im Zeitraum, alle Kanäle"
meaning          = "Anteil der Anträge, Anzeigen und Meldungen, die online gestellt wurden, in den letzten zwölf vollen Monaten."
revised          = 2026-01-15
limits           = "Nur Verfahren, deren Anträge über alle Kanäle gezählt werden. E-Mail zählt nicht als online."

[records]
list = "applications"
counted = { channel = "online" }
--- */
SELECT
    CAST(date_trunc('month', month) AS DATE) AS period,
    org_unit_id,
    procedure,
    coalesce(sum(applications) FILTER (WHERE channel = 'online'), 0) AS numerator,
    sum(applications) AS denominator
FROM core.application_month
GROUP BY ALL
