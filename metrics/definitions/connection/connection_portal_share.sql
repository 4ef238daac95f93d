/* ---
label            = "Fachverfahren an das Bürgerportal angebunden"
short            = "Anbindung Portal"
number           = "ANB-01"
question         = "Welcher Anteil unserer Fachverfahren ist an das Bürgerportal angebunden?"
kind             = "share"
population       = "fachverfahren_portal"
unit             = "percent"
better           = "higher"
over_time        = "last"
dimensions       = ["org_unit_id"]
scope            = "organisation"
decimals         = 1
numerator_text   = "Fachverfahren in Betrieb, die am Stichtag über eine Schnittstelle oder eine regelmäßige Datei angebunden sind"
denominator_text = "Fachverfahren in Betrieb ohne jene, deren Anbindung mit Grund nicht vorgesehen ist"
meaning          = "Anteil der Fachverfahren, in denen Anträge aus dem Bürgerportal ohne Abschreiben ankommen. Die Anbindung an das Bürgerportal und die an das Steuerungsportal sind zwei verschiedene Dinge und werden nie verrechnet."
revised          = 2026-06-01
limits           = "Ist der Stand eines Verfahrens nicht erhoben, zählt es im Nenner mit; die Spanne sagt, wie weit die Zahl dadurch zu niedrig sein kann. „Geplant“ ist nicht angebunden. Eine Anbindung sagt nichts darüber, wie viele Leistungen sie nutzen."

[records]
list = "fachverfahren"
--- */
SELECT
    period,
    org_unit_id,
    sum(connected) AS numerator,
    sum(systems) AS denominator,
    sum(connected) AS lower,
    sum(possible) AS upper,
    sum(known) AS known,
    CASE WHEN sum(possible) > sum(connected) THEN 'spanne' END AS qualifier
FROM mart.fachverfahren_connection
WHERE ziel = 'portal'
GROUP BY ALL
