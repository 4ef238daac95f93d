/* ---
label            = "Wirkungen mit erreichter Erwartung"
short            = "Erwartung erreicht"
number           = "WIR-10"
question         = "Welcher Anteil der Wirkungen hat erreicht, was erwartet war?"
kind             = "share"
population       = "wirkung_verglichen"
unit             = "percent"
better           = "higher"
over_time        = "last"
dimensions       = ["goal", "perspective", "reach"]
scope            = "city"
decimals         = 1
numerator_text   = "Wirkungen, deren erreichter Wert die erwartete Änderung ganz oder mehr als ganz bringt"
denominator_text = "Wirkungen mit Ausgangswert, erwartetem und erreichtem Wert"
meaning          = "Anteil der Wirkungen, bei denen die Änderung vom Ausgangswert zum erreichten Wert mindestens so groß ist wie die erwartete, in dieselbe Richtung. Verglichen wird nur, was alle drei Werte hat."
revised          = 2026-06-09
limits           = "Gezählt werden Wirkungen, nicht ihre Größe: Tage, Blatt und Noten lassen sich nicht addieren. Ein Vergleich vorher und nachher zeigt zeitlichen Zusammenhang, keinen Nachweis der Ursache. Es gilt je Wert die bis zum Stichtag zuletzt erfasste Angabe."

[records]
list = "effect_book"
--- */
SELECT
    period,
    goal,
    perspective,
    reach,
    count(*) FILTER (WHERE is_reached) AS numerator,
    count(*) AS denominator
FROM mart.effect_book
WHERE is_reached IS NOT NULL
GROUP BY ALL
