/* ---
label = "Offene Hinweise zu Lieferungen"
scope = "city"
order = ["source", "code", "number"]
key = ["source", "code", "number"]

[columns]
source = { label = "Quelle", type = "text" }
code   = { label = "Hinweis", type = "text" }
number = { label = "Nr.", type = "integer" }
kind   = { label = "Weg", type = "text" }
since  = { label = "Seit", type = "timestamp" }
--- */
WITH remark AS (
    SELECT source, code, since FROM meta.finding
    UNION ALL
    SELECT source, 'zurückgehalten', since FROM meta.held
)
SELECT
    remark.source,
    remark.code,
    row_number() OVER (PARTITION BY remark.source, remark.code ORDER BY remark.since) AS number,
    source.kind,
    remark.since
FROM remark
INNER JOIN meta.source AS source ON source.source = remark.source
