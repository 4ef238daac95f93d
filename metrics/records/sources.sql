/* ---
label = "Datenquellen mit ihrem Stand"
scope = "city"
order = ["-stale", "title"]
key = ["source"]

[columns]
source   = { label = "Kennung", type = "text" }
title    = { label = "Datenquelle", type = "text" }
owner    = { label = "Zuständig", type = "text" }
kind     = { label = "Weg", type = "text" }
nature   = { label = "Natur der Daten", type = "text" }
as_of    = { label = "Datenstand", type = "timestamp" }
age_days = { label = "Alter in Tagen", type = "integer" }
stale    = { label = "veraltet", type = "boolean" }
is_fresh = { label = "aktuell", type = "boolean" }
--- */
SELECT
    source.source,
    source.title,
    source.owner,
    source.kind,
    source.nature,
    source.as_of,
    CASE WHEN source.as_of IS NOT NULL
        THEN greatest(date_diff('hour', source.as_of, run.as_of) // 24, 0)
    END AS age_days,
    source.stale,
    NOT source.stale AND source.state <> 'nie_geladen' AS is_fresh
FROM meta.source AS source
CROSS JOIN core.run AS run
