/* ---
label            = "Gebührenpflichtige Leistungen mit ePayment"
short            = "ePayment"
number           = "LST-04"
question         = "Bei welchem Anteil der gebührenpflichtigen Leistungen kann online bezahlt werden?"
kind             = "share"
population       = "einzelleistung_gebuehr"
unit             = "percent"
better           = "higher"
over_time        = "last"
dimensions       = ["org_unit_id", "themenfeld"]
choose_one       = { zielgruppe = "alle" }
scope            = "organisation"
decimals         = 1
numerator_text   = "Gebührenpflichtige Einzelleistungen in eigener Zuständigkeit, bei denen im Online-Antrag bezahlt werden kann"
denominator_text = "Gebührenpflichtige Einzelleistungen in eigener Zuständigkeit, für die am Stichtag erhoben ist, ob online bezahlt werden kann"
meaning          = "Eine Leistung mit Gebühr ist erst dann ganz online, wenn auch bezahlt werden kann. Gebührenfreie Leistungen gehören nicht in den Nenner."
legal            = "§ 4 E-Government-Gesetz des Bundes (elektronische Bezahlmöglichkeiten); für Aufgaben nach Landesrecht das Gesetz des Landes"
revised          = 2026-06-01
limits           = "Leistungen, deren Gebühr oder Bezahlmöglichkeit nicht erhoben ist, fehlen im Nenner, siehe LST-01. Eine Leistung mit zwei Zielgruppen steht unter beiden; Zielgruppen werden deshalb nie zusammengezählt."

[records]
list = "services"
only = { zielgruppe = "alle" }
--- */
SELECT
    period,
    org_unit_id,
    themenfeld,
    zielgruppe,
    sum(fee_epayment) AS numerator,
    sum(fee) AS denominator
FROM mart.service_trait
GROUP BY ALL
