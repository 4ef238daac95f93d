/* An assessment holds from its day until the day of the next one of the same service in the same model.
   Where criteria are recorded and the model says so, the lowest of them is the level; as long as some are
   missing, the lowest known one only limits it from above. A range stays a range: `reifegrad` is its lower
   end, `reifegrad_bis` its upper end; without a range both are equal. */
WITH criterion AS (
    SELECT
        service_id,
        reifegrad_modell,
        assessed_on,
        min(reifegrad) AS lowest,
        count(DISTINCT criterion) AS recorded
    FROM stage.assessment_criterion
    GROUP BY service_id, reifegrad_modell, assessed_on
),
judged AS (
    SELECT
        assessment.service_id,
        assessment.reifegrad_modell,
        assessment.assessed_on,
        assessment.end_to_end,
        assessment.method,
        assessment.assessed_by,
        assessment.anlass,
        coalesce(assessment.modell_version, model.version) AS modell_version,
        assessment.reifegrad AS stated,
        greatest(assessment.reifegrad, coalesce(assessment.reifegrad_bis, assessment.reifegrad)) AS stated_bis,
        CASE WHEN model.rule = 'minimum' THEN criterion.lowest END AS lowest,
        CASE
            WHEN model.rule = 'minimum' AND criterion.recorded >= model.criteria_count THEN 'kriterien'
            WHEN model.rule = 'minimum' AND criterion.recorded > 0 THEN 'kriterien_teilweise'
            WHEN assessment.method = 'kriterien' THEN 'kriterien_nicht_hinterlegt'
            ELSE assessment.method
        END AS grundlage
    FROM stage.assessment AS assessment
    LEFT JOIN core.reifegrad_model AS model ON model.reifegrad_modell = assessment.reifegrad_modell
    LEFT JOIN criterion
        ON criterion.service_id = assessment.service_id
        AND criterion.reifegrad_modell = assessment.reifegrad_modell
        AND criterion.assessed_on = assessment.assessed_on
),
levelled AS (
    SELECT
        *,
        CASE WHEN grundlage = 'kriterien' THEN lowest ELSE least(stated, coalesce(lowest, stated)) END
            AS reifegrad,
        CASE WHEN grundlage = 'kriterien' THEN lowest ELSE least(stated_bis, coalesce(lowest, stated_bis)) END
            AS reifegrad_bis
    FROM judged
)
SELECT
    service_id,
    reifegrad_modell,
    reifegrad,
    end_to_end,
    method,
    assessed_on AS valid_from,
    lead(assessed_on) OVER (PARTITION BY service_id, reifegrad_modell ORDER BY assessed_on) AS valid_to,
    min(assessed_on) FILTER (WHERE reifegrad >= 3) OVER (PARTITION BY service_id, reifegrad_modell)
        AS first_online_on,
    reifegrad_bis,
    stated,
    stated_bis,
    lowest AS lowest_criterion,
    grundlage,
    modell_version,
    assessed_by,
    anlass
FROM levelled
