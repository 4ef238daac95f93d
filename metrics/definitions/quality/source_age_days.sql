/* ---
label          = "Alter der Daten (Median)"
short          = "Alter der Daten"
number         = "DQ-03"
question       = "Wie alt ist, was die Quellen zuletzt geliefert haben?"
kind           = "quantile"
quantile       = 0.5
population     = "datenquelle"
unit           = "days"
better         = "lower"
over_time      = "last"
dimensions     = ["source", "kind", "nature", "owner"]
scope          = "city"
numerator_text = "Volle Tage vom Datenstand bis zum Lauf, je Quelle mit Daten"
meaning        = "Mittlerer Wert (Median) des Alters der Datenstände: Die Hälfte der Quellen ist jünger. Für von Hand Erfasstes (kind = entry) ist es das Alter der letzten Freigabe."
revised        = 2026-06-09
limits         = "Alt heißt nicht veraltet: Ein Haushalt von 2016 bleibt richtig; ob eine Quelle ihre Frist hält, sagt DQ-01. Quellen, die nie geladen wurden, haben kein Alter."

[records]
list = "sources"
--- */
SELECT
    CAST(date_trunc('month', run.business_date) AS DATE) AS period,
    source.source,
    source.kind,
    source.nature,
    source.owner,
    greatest(date_diff('hour', source.as_of, run.as_of) // 24, 0) AS bucket,
    count(*) AS n
FROM meta.source AS source
CROSS JOIN core.run AS run
WHERE source.as_of IS NOT NULL
GROUP BY ALL
