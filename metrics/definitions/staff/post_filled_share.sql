/* ---
label            = "Besetzte Stellen"
short            = "besetzt"
number           = "STE-01"
question         = "Welcher Anteil der Stellen ist besetzt?"
kind             = "share"
population       = "stelle_besetzung_bekannt"
unit             = "percent"
better           = "higher"
over_time        = "last"
dimensions       = ["produkt", "grade"]
scope            = "organisation"
decimals         = 1
numerator_text   = "Besetzter Umfang in Vollzeitstellen (VZÄ) am Stichtag"
denominator_text = "Umfang der Stellen im Stellenplan in Vollzeitstellen (VZÄ), deren Besetzung bekannt ist"
meaning          = "Besetzte Vollzeitstellen geteilt durch die Stellen des Stellenplans. Gezählt werden Stellen, nicht Personen."
legal            = "§ 5 Abs. 2 KomHKVO (Niedersachsen)"
revised          = 2026-11-15
limits           = "Der Stellenplan selbst druckt nur den Stand vom 30. Juni des Vorjahres. Stellen, zu denen keine Besetzung gemeldet ist, zählen weder im Zähler noch im Nenner. Ob jemand auf Dauer fehlt, sagt die Kennzahl nicht. Aufgegliedert wird nicht feiner als im Stellenplan: Nach Einheiten gezählt wäre der besetzte Umfang oft die Arbeitszeit einer Person."

[records]
list = "posts"
--- */
SELECT
    period,
    org_unit_id,
    produkt,
    grade,
    sum(filled_fte) AS numerator,
    sum(fte) AS denominator
FROM core.post_month
WHERE filled_fte IS NOT NULL
GROUP BY ALL
