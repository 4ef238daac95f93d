/* ---
label            = "Fachdienste mit Meldung"
short            = "Gemeldet"
number           = "DQ-04"
question         = "Wie viele Fachdienste haben für den letzten vollen Monat gemeldet?"
kind             = "share"
population       = "fachdienst_meldend"
unit             = "percent"
better           = "higher"
over_time        = "last"
dimensions       = ["subject", "org_unit_id"]
scope            = "organisation"
numerator_text   = "Erwartete Meldungen, die für den letzten vollen Monat vorliegen"
denominator_text = "Erwartete Meldungen: je Meldung und Fachdienst eine, wenn er in den zwölf Monaten davor gemeldet hat"
meaning          = "Anteil der monatlichen Meldungen (DMS-Bericht, Antragsstatistik), die für den letzten vollen Monat vorliegen; die Abdeckung nennt sie als „x von y“."
revised          = 2026-06-09
limits           = "Wer noch nie gemeldet hat, wird nicht erwartet; aufgelöste Fachdienste auch nicht. Ob eine Meldung vollständig ist, wird nicht geprüft."

[records]
list = "unit_reports"
counted = { is_there = "true" }
--- */
SELECT
    period,
    subject,
    org_unit_id,
    count(*) FILTER (WHERE is_there) AS numerator,
    count(*) AS denominator,
    count(*) FILTER (WHERE is_there) AS known
FROM mart.unit_report
GROUP BY ALL
