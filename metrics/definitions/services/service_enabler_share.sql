/* ---
label            = "Leistungen mit Portalbaustein"
short            = "Portalbausteine"
number           = "LST-05"
question         = "Bei welchem Anteil der Leistungen sind Nutzerkonto, Postfach, eID oder ePayment eingebunden?"
kind             = "share"
population       = "einzelleistung_baustein"
unit             = "percent"
better           = "higher"
over_time        = "last"
dimensions       = ["org_unit_id", "themenfeld"]
choose_one       = { baustein = "nutzerkonto" }
scope            = "organisation"
decimals         = 1
numerator_text   = "Einzelleistungen in eigener Zuständigkeit, in denen der gewählte Baustein eingebunden ist"
denominator_text = "Einzelleistungen in eigener Zuständigkeit, für die am Stichtag erhoben ist, ob der Baustein eingebunden ist"
meaning          = "Wie weit die Basisbausteine des Portals in den einzelnen Leistungen angekommen sind. Jeder Baustein ist eine eigene Zahl (nutzerkonto, postfach, eid, epayment); sie werden nie zusammengezählt."
revised          = 2026-06-01
limits           = "Der Nenner fragt nicht, ob eine Leistung den Baustein braucht: Für ePayment unter den gebührenpflichtigen siehe LST-04. Nicht erhobene Leistungen fehlen, siehe LST-01."

[records]
list = "services"
--- */
SELECT
    period,
    org_unit_id,
    themenfeld,
    baustein,
    sum(offered) AS numerator,
    sum(known) AS denominator
FROM mart.service_enabler
GROUP BY ALL
