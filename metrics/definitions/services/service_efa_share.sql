/* ---
label            = "Leistungen über EfA-Dienste"
short            = "Lösungsweg EfA"
number           = "LST-02"
question         = "Bei welchem Anteil der Leistungen mit bekanntem Lösungsweg nutzen wir einen EfA-Dienst?"
kind             = "share"
population       = "einzelleistung_weg"
unit             = "percent"
better           = "none"
over_time        = "last"
dimensions       = ["org_unit_id", "themenfeld"]
choose_one       = { zielgruppe = "alle" }
scope            = "organisation"
decimals         = 1
numerator_text   = "Einzelleistungen in eigener Zuständigkeit mit Lösungsweg „EfA-Dienst“"
denominator_text = "Einzelleistungen in eigener Zuständigkeit, deren Lösungsweg am Stichtag erhoben ist"
meaning          = "Anteil der Leistungen, die mit einem nachgenutzten Dienst nach dem Prinzip „Einer für Alle“ gelöst werden oder werden sollen, statt mit eigenem Formular oder eigener Schnittstelle. Mehr ist nicht von selbst besser: Für eigene Aufgaben gibt es oft keinen EfA-Dienst."
revised          = 2026-06-01
limits           = "Der Lösungsweg sagt nicht, ob die Leistung schon online ist. Leistungen ohne erhobenen Lösungsweg fehlen im Nenner, siehe LST-01. Eine Leistung mit zwei Zielgruppen steht unter beiden; Zielgruppen werden deshalb nie zusammengezählt."

[records]
list = "services"
only = { zielgruppe = "alle" }
counted = { loesungsweg = "efa" }
--- */
SELECT
    period,
    org_unit_id,
    themenfeld,
    zielgruppe,
    sum(efa) AS numerator,
    sum(way_known) AS denominator
FROM mart.service_trait
GROUP BY ALL
