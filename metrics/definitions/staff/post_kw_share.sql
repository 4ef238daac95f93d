/* ---
label            = "Stellen mit kw-Vermerk"
short            = "kw"
number           = "STE-03"
question         = "Welcher Anteil der Stellen fällt künftig weg?"
kind             = "share"
population       = "stelle"
unit             = "percent"
better           = "none"
over_time        = "last"
dimensions       = ["produkt", "grade", "org_unit_id"]
scope            = "organisation"
decimals         = 1
numerator_text   = "Umfang der Stellen mit kw-Vermerk in Vollzeitstellen (VZÄ)"
denominator_text = "Umfang aller Stellen im Stellenplan in Vollzeitstellen (VZÄ)"
meaning          = "Anteil der Stellen, die nach Beschluss künftig wegfallen (kw). Sie gelten, bis der Vermerk vollzogen ist."
revised          = 2026-11-15
limits           = "Ein kw-Vermerk ohne Tag bleibt stehen, bis der Stellenplan ihn streicht."

[records]
list = "posts"
--- */
SELECT
    period,
    org_unit_id,
    produkt,
    grade,
    coalesce(sum(fte) FILTER (WHERE kw), 0) AS numerator,
    sum(fte) AS denominator
FROM core.post_month
GROUP BY ALL
