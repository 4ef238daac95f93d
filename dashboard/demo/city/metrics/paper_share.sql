/* ---
label            = "Anteile, wie Ratsvorlagen sie nennen"
short            = "Anteil laut Vorlage"
number           = "VGL-02"
question         = "Welchen Anteil nennt eine Ratsvorlage, oder was folgt aus ihren Angaben?"
kind             = "share"
population       = "aussage_vorlage"
unit             = "percent"
better           = "none"
over_time        = "none"
dimensions       = ["city", "population"]
choose_one       = { statement_id = "CE-02" }
scope            = "city"
decimals         = 1
numerator_text   = "Teil, wie die Vorlage ihn nennt"
denominator_text = "Ganzes derselben Grundgesamtheit, wie die Vorlage es nennt"
meaning          = "Anteil aus den Angaben einer Vorlage. Nennt sie den Anteil selbst, steht er für sich. Die Spanne reicht so weit, wie die Angaben offen lassen."
revised          = 2026-06-09
limits           = "Anteile verschiedener Vorlagen haben verschiedene Nenner und werden nie zusammengezählt. Ist das Ganze nur nach unten begrenzt („über 180“), ist der Anteil eine Obergrenze. Nennt die Vorlage nur eine Spanne, ist auch der Anteil eine Spanne und sein Zähler ihre untere Grenze."
--- */
WITH pair AS (
    SELECT
        part.statement_id,
        part.city,
        coalesce(whole.population, part.population) AS population,
        coalesce(part.value_low, part.value_high) AS part_value,
        CASE WHEN part.qualifier = 'hoechstens' THEN 0 ELSE part.value_low END AS part_low,
        CASE WHEN part.qualifier = 'spanne' THEN part.value_high ELSE coalesce(part.value_low, part.value_high) END
            AS part_high,
        coalesce(whole.value_low, 1) AS whole_value,
        coalesce(whole.qualifier, 'genau') IN ('ueber', 'mindestens') AS is_whole_open,
        part.qualifier IN ('ueber', 'mindestens') AS is_part_open,
        part.qualifier
    FROM core.statement AS part
    LEFT JOIN core.statement AS whole ON whole.statement_id = part.part_of
    WHERE (part.unit = 'Anteil' OR whole.unit = part.unit)
)
SELECT
    CAST(date_trunc('month', run.business_date) AS DATE) AS period,
    pair.statement_id,
    pair.city,
    pair.population,
    sum(pair.part_value) AS numerator,
    sum(pair.whole_value) AS denominator,
    sum(CASE WHEN pair.is_whole_open THEN 0 ELSE pair.part_low END) AS lower,
    sum(CASE WHEN pair.is_part_open THEN pair.whole_value ELSE pair.part_high END) AS upper,
    max(
        CASE
            WHEN pair.qualifier = 'spanne' THEN 'spanne'
            WHEN pair.is_part_open AND NOT pair.is_whole_open THEN 'über'
            WHEN (pair.is_whole_open OR pair.qualifier = 'hoechstens') AND NOT pair.is_part_open THEN 'höchstens'
            WHEN pair.qualifier = 'rund' THEN 'rund'
        END
    ) AS qualifier
FROM pair
CROSS JOIN core.run AS run
GROUP BY ALL
