/* Each assessment against the one before it, and what made the difference: the service or the ruler.
   In the same model and version a level that is surely higher is „verbessert“, surely lower
   „verschlechtert“; ranges that overlap leave it open. „neu_bewertet“ is whatever changed its ruler: another
   version, a new look at an unchanged service, or the first assessment in a model after one in another;
   `umrechnung` then says whether the crosswalk alone explains the level. */
WITH dated AS (
    SELECT
        service_id,
        reifegrad_modell,
        valid_from,
        reifegrad,
        reifegrad_bis,
        modell_version,
        anlass,
        lag(reifegrad) OVER w AS own_von,
        lag(reifegrad_bis) OVER w AS own_bis,
        lag(modell_version) OVER w AS own_version,
        row_number() OVER w = 1 AS is_first
    FROM core.assessment_interval
    WHERE valid_to IS NULL OR valid_to > valid_from
    WINDOW w AS (PARTITION BY service_id, reifegrad_modell ORDER BY valid_from)
),
other AS (
    SELECT
        today.service_id,
        today.reifegrad_modell,
        past.reifegrad_modell AS from_modell,
        past.reifegrad AS from_von,
        past.reifegrad_bis AS from_bis
    FROM dated AS today
    INNER JOIN core.assessment_interval AS past
        ON past.service_id = today.service_id
        AND past.reifegrad_modell <> today.reifegrad_modell
        AND past.valid_from < today.valid_from
    WHERE today.is_first
    QUALIFY row_number() OVER (
        PARTITION BY today.service_id, today.reifegrad_modell
        ORDER BY past.valid_from DESC, past.reifegrad_modell ASC
    ) = 1
),
pair AS (
    SELECT
        dated.service_id,
        dated.reifegrad_modell,
        dated.valid_from AS changed_on,
        dated.anlass,
        dated.reifegrad AS to_von,
        dated.reifegrad_bis AS to_bis,
        dated.is_first,
        dated.modell_version IS DISTINCT FROM dated.own_version AS is_other_version,
        CASE WHEN dated.is_first THEN other.from_modell ELSE dated.reifegrad_modell END AS from_modell,
        CASE WHEN dated.is_first THEN other.from_von ELSE dated.own_von END AS from_von,
        CASE WHEN dated.is_first THEN other.from_bis ELSE dated.own_bis END AS from_bis
    FROM dated
    LEFT JOIN other
        ON other.service_id = dated.service_id
        AND other.reifegrad_modell = dated.reifegrad_modell
)
SELECT
    pair.service_id,
    pair.reifegrad_modell,
    pair.changed_on,
    pair.from_modell,
    pair.from_von,
    pair.from_bis,
    pair.to_von,
    pair.to_bis,
    CASE
        WHEN pair.from_modell IS NULL THEN 'erstmals'
        WHEN pair.is_first THEN 'neu_bewertet'
        WHEN pair.anlass = 'neubewertung' OR (pair.anlass IS NULL AND pair.is_other_version) THEN 'neu_bewertet'
        WHEN pair.to_von = pair.from_von AND pair.to_bis = pair.from_bis THEN 'bestaetigt'
        WHEN pair.to_von > pair.from_bis THEN 'verbessert'
        WHEN pair.to_bis < pair.from_von THEN 'verschlechtert'
        ELSE 'offen'
    END AS aenderung,
    CASE
        WHEN pair.from_modell IS NULL OR pair.from_modell = pair.reifegrad_modell THEN NULL
        WHEN conversion.to_von IS NULL THEN 'nicht_uebertragbar'
        WHEN pair.to_von > conversion.to_bis THEN 'darueber'
        WHEN pair.to_bis < conversion.to_von THEN 'darunter'
        ELSE 'passt'
    END AS umrechnung
FROM pair
LEFT JOIN core.reifegrad_conversion AS conversion
    ON conversion.from_modell = pair.from_modell
    AND conversion.to_modell = pair.reifegrad_modell
    AND conversion.from_von = pair.from_von
    AND conversion.from_bis = pair.from_bis
