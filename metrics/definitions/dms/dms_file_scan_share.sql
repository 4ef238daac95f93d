/* ---
label            = "Papierakten eingescannt"
short            = "Akten eingescannt"
number           = "DMS-05"
question         = "Welcher Anteil der einzuscannenden Papierakten liegt im DMS?"
kind             = "share"
population       = "papierakte"
unit             = "percent"
better           = "higher"
over_time        = "last"
dimensions       = ["org_unit_id"]
scope            = "organisation"
decimals         = 1
numerator_text   = "Eingescannte und freigegebene Akten laut letztem Monatsbericht"
denominator_text = "Einzuscannende Akten laut letztem Monatsbericht"
meaning          = "Anteil der Papierakten, die eingescannt, geprüft und für die elektronische Akte freigegeben sind, an allen, die eingescannt werden sollen."
revised          = 2026-06-09
limits           = "Gezählt werden Akten, nicht Seiten. Akten, die auf Papier bleiben oder ausgesondert werden, zählen nicht mit; Einheiten ohne Bericht fehlen in Zähler und Nenner."

[records]
list = "file_scans"
--- */
SELECT
    period,
    org_unit_id,
    sum(files_scanned) AS numerator,
    sum(files_planned) AS denominator
FROM mart.file_scan_month
GROUP BY ALL
