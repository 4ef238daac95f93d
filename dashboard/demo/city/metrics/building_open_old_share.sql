/* ---
label            = "Offene Bauanträge, älter als drei Monate"
short            = "Offen über drei Monate"
number           = "BAU-04"
question         = "Wie viele offene Bauanträge liegen länger als drei Monate?"
kind             = "share"
population       = "bauantrag_offen"
unit             = "percent"
better           = "lower"
over_time        = "last"
dimensions       = ["kind", "org_unit_id"]
scope            = "organisation"
decimals         = 1
numerator_text   = "Offene Bauanträge, die vor mehr als drei Monaten eingegangen sind"
denominator_text = "Alle am Stichtag offenen Bauanträge"
meaning          = "Anteil der am Stichtag nicht entschiedenen Bauanträge, deren Eingang länger als drei Monate zurückliegt."
revised          = 2026-06-09
limits           = "Auch Anträge, denen Unterlagen fehlen, sind offen."
--- */
SELECT
    calendar.period,
    application.org_unit_id,
    application.kind,
    count(*) FILTER (
        WHERE application.received_on < calendar.stichtag - INTERVAL 3 MONTH
    ) AS numerator,
    count(*) AS denominator
FROM core.building_application AS application
INNER JOIN core.calendar AS calendar
    ON application.received_on <= calendar.stichtag
    AND coalesce(application.decided_on, DATE '9999-12-31') > calendar.stichtag
GROUP BY ALL
