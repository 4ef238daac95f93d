/* ---
label            = "Leistungen ohne Unterschrift"
short            = "ohne Unterschrift"
number           = "LST-03"
question         = "Welcher Anteil der Leistungen lässt sich ohne Unterschrift beantragen?"
kind             = "share"
population       = "einzelleistung_unterschrift"
unit             = "percent"
better           = "higher"
over_time        = "last"
dimensions       = ["org_unit_id", "themenfeld"]
choose_one       = { zielgruppe = "alle" }
scope            = "organisation"
decimals         = 1
numerator_text   = "Einzelleistungen in eigener Zuständigkeit, für die weder Textform noch Schriftform noch persönliches Erscheinen verlangt wird"
denominator_text = "Einzelleistungen in eigener Zuständigkeit, deren Unterschriftserfordernis am Stichtag erhoben ist"
meaning          = "Ein Unterschriftserfordernis ist eines der häufigsten Hindernisse auf dem Weg zum Online-Antrag. Die Zahl zeigt, wo es keines gibt."
legal            = "§ 3a VwVfG und die Verfahrensgesetze der Länder zur elektronischen Form"
revised          = 2026-06-01
limits           = "Erhoben ist das Erfordernis, wie der Fachdienst es nennt; es ist keine Rechtsprüfung. Leistungen ohne Angabe fehlen im Nenner, siehe LST-01. Eine Leistung mit zwei Zielgruppen steht unter beiden; Zielgruppen werden deshalb nie zusammengezählt."

[records]
list = "services"
only = { zielgruppe = "alle" }
counted = { unterschrift = "keine" }
--- */
SELECT
    period,
    org_unit_id,
    themenfeld,
    zielgruppe,
    sum(signature_free) AS numerator,
    sum(signature_known) AS denominator
FROM mart.service_trait
GROUP BY ALL
