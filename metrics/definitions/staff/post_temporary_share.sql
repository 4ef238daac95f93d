/* ---
label            = "Befristete Stellen"
short            = "befristet"
number           = "STE-02"
question         = "Welcher Anteil der Stellen endet zu einem festen Tag?"
kind             = "share"
population       = "stelle"
unit             = "percent"
better           = "none"
over_time        = "last"
dimensions       = ["produkt", "grade", "org_unit_id"]
scope            = "organisation"
decimals         = 1
numerator_text   = "Umfang der befristeten Stellen in Vollzeitstellen (VZÄ)"
denominator_text = "Umfang aller Stellen im Stellenplan in Vollzeitstellen (VZÄ)"
meaning          = "Anteil der Stellen, die nur bis zu einem beschlossenen Tag eingerichtet sind."
revised          = 2026-11-15
limits           = "Gemeint ist die Befristung der Stelle, nicht die eines Arbeitsvertrags. Nach ihrem letzten Tag zählt eine befristete Stelle nicht mehr, auch wenn der Stellenplan sie noch nennt."

[records]
list = "posts"
--- */
SELECT
    period,
    org_unit_id,
    produkt,
    grade,
    coalesce(sum(fte) FILTER (WHERE befristet_bis IS NOT NULL), 0) AS numerator,
    sum(fte) AS denominator
FROM core.post_month
GROUP BY ALL
