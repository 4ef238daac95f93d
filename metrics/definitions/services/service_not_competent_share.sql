/* ---
label            = "Leistungen, für die wir nicht zuständig sind"
short            = "nicht zuständig"
number           = "LST-06"
question         = "Welcher Anteil der geprüften Leistungsliste liegt nicht in unserer Zuständigkeit?"
kind             = "share"
population       = "leistungsliste"
unit             = "percent"
better           = "none"
over_time        = "last"
dimensions       = ["org_unit_id", "themenfeld"]
scope            = "organisation"
decimals         = 1
numerator_text   = "Leistungen der Liste mit Zuständigkeit „nicht zuständig“"
denominator_text = "Alle Leistungen, die am Stichtag in der Leistungsliste stehen, auch ungeklärte"
meaning          = "Was diesen Anteil ausmacht, steht in keinem Nenner der OZG-Kennzahlen. Die Liste der Leistungen nennt zu jeder den Grund."
revised          = 2026-06-01
limits           = "Die Zuständigkeit ist die von heute, auch für frühere Stichtage. Leistungen ohne Grund zählen mit; die Liste zeigt sie zuerst."

[records]
list = "services_not_competent"
--- */
SELECT
    period,
    org_unit_id,
    themenfeld,
    sum(not_competent) AS numerator,
    sum(services) AS denominator
FROM mart.service_competence
GROUP BY ALL
