/* ---
label            = "Quellen aktuell"
short            = "Quellen aktuell"
number           = "DQ-01"
question         = "Welcher Anteil der Datenquellen ist aktuell?"
kind             = "share"
population       = "datenquelle"
unit             = "percent"
better           = "higher"
over_time        = "last"
dimensions       = ["kind", "nature", "owner"]
scope            = "city"
decimals         = 1
numerator_text   = "Quellen, deren Stand nicht älter ist als vereinbart"
denominator_text = "Alle eingerichteten Quellen"
meaning          = "Anteil der eingerichteten Datenquellen, deren letzter guter Stand innerhalb der vereinbarten Frist liegt."
revised          = 2026-01-15
limits           = "Nur zum aktuellen Stand; frühere Stände zeigt die Seite Datenquellen und Läufe."

[records]
list = "sources"
counted = { is_fresh = "true" }
--- */
SELECT
    CAST(date_trunc('month', run.business_date) AS DATE) AS period,
    source.kind,
    source.nature,
    source.owner,
    count(*) FILTER (WHERE NOT source.stale AND source.state <> 'nie_geladen') AS numerator,
    count(*) AS denominator
FROM meta.source AS source
CROSS JOIN core.run AS run
GROUP BY ALL
