/* ---
label            = "Zeilen ohne bekannte Organisationseinheit"
short            = "Einheit unbekannt"
number           = "DQ-05"
question         = "Welcher Anteil der Zeilen nennt keine oder eine unbekannte Organisationseinheit?"
kind             = "share"
population       = "datenzeile_einheit"
unit             = "percent"
better           = "lower"
over_time        = "last"
dimensions       = ["subject", "org_unit_named"]
scope            = "city"
decimals         = 2
numerator_text   = "Zeilen ohne Einheit oder mit einer Kennung, die in der Organisation nicht vorkommt"
denominator_text = "Alle Zeilen mit einer Spalte für die Organisationseinheit"
meaning          = "Anteil der Zeilen, die in keiner Aufgliederung nach Dezernat oder Fachdienst erscheinen und die nur sieht, wer die ganze Stadt sieht. „org_unit_named“ nennt die unbekannte Kennung."
revised          = 2026-06-09
limits           = "Gezählt wird nach der Organisation am Geschäftstag; aufgelöste Einheiten sind bekannt. Zeilen zählen gleich, gleich wie viel an ihnen hängt."
--- */
SELECT
    CAST(date_trunc('month', run.business_date) AS DATE) AS period,
    counted.subject,
    CASE WHEN unit.unit_id IS NULL THEN coalesce(counted.org_unit_id, 'ohne Einheit') ELSE 'bekannt' END
        AS org_unit_named,
    sum(CASE WHEN unit.unit_id IS NULL THEN counted.n ELSE 0 END) AS numerator,
    sum(counted.n) AS denominator
FROM mart.row_unit AS counted
CROSS JOIN core.run AS run
LEFT JOIN core.org_unit_current AS unit ON unit.unit_id = counted.org_unit_id
GROUP BY ALL
