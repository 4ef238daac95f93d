/* ---
label            = "Leistungen mit dokumentiertem Prozess"
short            = "Prozess dokumentiert"
number           = "PRZ-01"
question         = "Für welchen Anteil unserer Einzelleistungen ist der Prozess aufgenommen und abgestimmt?"
kind             = "share"
population       = "einzelleistung_eigen"
unit             = "percent"
better           = "higher"
over_time        = "last"
dimensions       = ["org_unit_id", "themenfeld"]
scope            = "organisation"
decimals         = 1
numerator_text   = "Einzelleistungen in eigener Zuständigkeit mit mindestens einem abgestimmten oder freigegebenen Prozessmodell"
denominator_text = "Alle Einzelleistungen in eigener Zuständigkeit am Stichtag"
meaning          = "Ohne aufgenommenen Prozess lässt sich nicht sagen, wo Medienbrüche liegen und was ein Online-Antrag einspart."
revised          = 2026-06-01
limits           = "Prozess und Leistung finden über den LeiKa-Schlüssel zusammen; Leistungen ohne Schlüssel gelten als nicht dokumentiert. Der Stand des Modells ist der von heute, gezählt wird er ab dem Tag der Aufnahme."

[records]
list = "services"
--- */
SELECT
    period,
    org_unit_id,
    themenfeld,
    sum(documented) AS numerator,
    sum(services) AS denominator
FROM mart.service_process
GROUP BY ALL
