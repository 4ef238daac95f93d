/* ---
label          = "Offene Hinweise zu Lieferungen"
short          = "Offene Hinweise"
number         = "DQ-06"
question       = "Wie viele Auffälligkeiten der letzten Lieferungen sind offen?"
kind           = "sum"
population     = "datenquelle"
unit           = "count"
better         = "lower"
over_time      = "last"
dimensions     = ["source", "kind", "code"]
scope          = "city"
numerator_text = "Hinweise zur letzten Lieferung und zurückgehaltene Lieferungen"
meaning        = "Was an der letzten Lieferung jeder Quelle auffiel und nicht abgelehnt wurde, etwa nicht verwendete Spalten, und Lieferungen, die auf eine Freigabe warten (code = zurückgehalten). Null heißt: nichts offen."
revised        = 2026-06-09
limits         = "Widersprüche zwischen Vorlagen sind nicht enthalten; sie stehen unter „Vorlagen & Aussagen“. Ein Hinweis endet, wenn eine Lieferung ohne ihn kommt."

[records]
list = "source_findings"
--- */
WITH remark AS (
    SELECT source, code FROM meta.finding
    UNION ALL
    SELECT source, 'zurückgehalten' FROM meta.held
)
SELECT
    CAST(date_trunc('month', run.business_date) AS DATE) AS period,
    source.source,
    source.kind,
    remark.code,
    count(remark.code) AS numerator
FROM meta.source AS source
CROSS JOIN core.run AS run
LEFT JOIN remark ON remark.source = source.source
GROUP BY ALL
