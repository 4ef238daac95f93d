/* ---
label            = "Wirkungen mit gemessenem Ausgangswert"
short            = "Ausgangswert gemessen"
number           = "WIR-11"
question         = "Bei welchem Anteil der Wirkungen wissen wir, wo wir angefangen haben?"
kind             = "share"
population       = "wirkung"
unit             = "percent"
better           = "higher"
over_time        = "last"
dimensions       = ["goal", "perspective", "reach"]
scope            = "city"
decimals         = 1
numerator_text   = "Wirkungen, deren Ausgangswert gemessen oder erhoben ist"
denominator_text = "Alle Wirkungen des Wirkungskatalogs"
meaning          = "Anteil der Wirkungen des Katalogs, für die ein gemessener oder erhobener Ausgangswert vorliegt. Schätzungen, Befragungen und Angaben von Herstellern zählen nicht als gemessen."
revised          = 2026-06-09
limits           = "Auch für frühere Stichtage zählen alle Wirkungen des heutigen Katalogs. Ein Ausgangswert sagt nichts darüber, ob die Wirkung eingetreten ist."

[records]
list = "effect_book"
--- */
SELECT
    period,
    goal,
    perspective,
    reach,
    count(*) FILTER (WHERE baseline_method IN ('gemessen', 'erhoben')) AS numerator,
    count(*) AS denominator
FROM mart.effect_book
GROUP BY ALL
