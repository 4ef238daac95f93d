/* ---
label            = "Zeilen zurückgewiesen"
short            = "Zurückgewiesen"
number           = "DQ-02"
question         = "Welcher Anteil der gelesenen Zeilen wurde zurückgewiesen?"
kind             = "share"
population       = "datenzeile"
unit             = "percent"
better           = "lower"
over_time        = "last"
dimensions       = ["source", "subject"]
scope            = "city"
decimals         = 2
numerator_text   = "Zeilen in Quarantäne aus den geltenden Lieferungen"
denominator_text = "Gelesene Zeilen der geltenden Lieferungen"
meaning          = "Anteil der Zeilen, die beim letzten guten Lauf jeder Quelle gegen ihre Vereinbarung verstießen und in Quarantäne stehen."
revised          = 2026-01-15
limits           = "Lieferungen, die als Ganzes abgelehnt wurden, sind nicht enthalten; sie gelten nicht."

[records]
list = "deliveries"
--- */
WITH in_force AS (
    SELECT source, subject, read, rejected
    FROM meta.load
    QUALIFY row_number() OVER (PARTITION BY source, table_no ORDER BY finished_at DESC, run_id DESC) = 1
)
SELECT
    CAST(date_trunc('month', run.business_date) AS DATE) AS period,
    in_force.source,
    in_force.subject,
    sum(in_force.rejected) AS numerator,
    sum(in_force.read) AS denominator
FROM in_force
CROSS JOIN core.run AS run
GROUP BY ALL
