/* Bundles of the catalogue that own services belong to, by each rule of counting. Rules on assessments look at
   the own members at each month's Stichtag; rules on listings look at what the federation lists today, and say
   nothing as long as nothing was delivered. */
WITH member AS (
    SELECT
        month.period,
        month.is_current,
        month.reifegrad_modell,
        month.ozg_id,
        rule.zaehlregel,
        rule.members,
        coalesce(month.reifegrad >= rule.level_from, false) AS reached,
        coalesce(month.reifegrad_bis >= rule.level_from, false) AS possible,
        month.reifegrad IS NOT NULL AS is_known
    FROM core.service_month AS month
    INNER JOIN core.counting_rule AS rule
        ON rule.reifegrad_modell = month.reifegrad_modell AND rule.counts = 'einstufung'
    WHERE month.ozg_id IS NOT NULL
),
assessed AS (
    SELECT
        period,
        is_current,
        reifegrad_modell,
        zaehlregel,
        ozg_id,
        CASE WHEN members = 'alle' THEN bool_and(reached) ELSE bool_or(reached) END AS reached,
        CASE WHEN members = 'alle' THEN bool_and(possible) ELSE bool_or(possible) END AS possible,
        CASE WHEN members = 'alle' THEN bool_and(is_known) ELSE bool_or(is_known) END AS is_known
    FROM member
    GROUP BY period, is_current, reifegrad_modell, zaehlregel, members, ozg_id
),
listing AS (
    SELECT
        rule.zaehlregel,
        listed.ozg_id,
        bool_or(reach.flaechendeckung IS NOT NULL) AS reached
    FROM stage.online_listing AS listed
    CROSS JOIN (SELECT DISTINCT zaehlregel FROM core.counting_rule WHERE counts = 'meldung') AS rule
    LEFT JOIN core.counting_rule_reach AS reach
        ON reach.zaehlregel = rule.zaehlregel AND reach.flaechendeckung = listed.flaechendeckung
    WHERE
        listed.flaechendeckung <> 'nicht in Auswertung berücksichtigt'
        AND listed.nicht_beruecksichtigt IS NULL
    GROUP BY rule.zaehlregel, listed.ozg_id
),
touched AS (
    SELECT DISTINCT period, is_current, reifegrad_modell, ozg_id FROM core.service_month
    WHERE is_current AND ozg_id IS NOT NULL
),
listed AS (
    SELECT
        touched.period,
        touched.is_current,
        touched.reifegrad_modell,
        rule.zaehlregel,
        touched.ozg_id,
        coalesce(listing.reached, false) AS reached,
        coalesce(listing.reached, false) AS possible,
        listing.ozg_id IS NOT NULL AS is_known
    FROM touched
    INNER JOIN core.counting_rule AS rule
        ON rule.reifegrad_modell = touched.reifegrad_modell AND rule.counts = 'meldung'
    LEFT JOIN listing ON listing.zaehlregel = rule.zaehlregel AND listing.ozg_id = touched.ozg_id
    WHERE EXISTS (SELECT 1 FROM listing)
),
bundle AS (
    SELECT * FROM assessed
    UNION ALL BY NAME
    SELECT * FROM listed
)
SELECT
    bundle.period,
    bundle.is_current,
    bundle.reifegrad_modell,
    bundle.zaehlregel,
    catalog.themenfeld,
    count(*) AS bundles,
    count(*) FILTER (WHERE bundle.is_known) AS known,
    count(*) FILTER (WHERE bundle.reached) AS reached,
    count(*) FILTER (WHERE bundle.possible) AS possible
FROM bundle
INNER JOIN stage.ozg_bundle AS catalog ON catalog.ozg_id = bundle.ozg_id
GROUP BY ALL
