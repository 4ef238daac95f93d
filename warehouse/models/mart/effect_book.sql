/* Each effect at each Stichtag: baseline, expected and reached value as last recorded until then. `reached_share` is
   how much of the expected change was reached, rounded; `is_reached` is judged by what was delivered. */
WITH stated AS (
    SELECT
        calendar.period, entry.effect_id, entry.role,
        max_by(entry.amount, entry.recorded_on) AS amount,
        max_by(entry.method, entry.recorded_on) AS method,
        max_by(entry.confidence, entry.recorded_on) AS confidence,
        max_by(entry.source, entry.recorded_on) AS source
    FROM core.calendar AS calendar
    INNER JOIN stage.effect_value AS entry ON entry.recorded_on <= calendar.stichtag
    GROUP BY ALL
),
side AS (
    SELECT
        period, effect_id,
        max(amount) FILTER (WHERE role = 'ausgangswert') AS baseline,
        max(method) FILTER (WHERE role = 'ausgangswert') AS baseline_method,
        max(amount) FILTER (WHERE role = 'erwartet') AS expected,
        max(method) FILTER (WHERE role = 'erwartet') AS expected_method,
        max(amount) FILTER (WHERE role = 'erreicht') AS reached,
        max(method) FILTER (WHERE role = 'erreicht') AS reached_method,
        max(confidence) FILTER (WHERE role = 'erreicht') AS confidence,
        max(source) FILTER (WHERE role = 'erreicht') AS source
    FROM stated
    GROUP BY period, effect_id
)
SELECT
    calendar.period,
    effect.effect_id,
    effect.position,
    effect.title,
    effect.goal,
    effect.perspective,
    effect.reach,
    effect.din_spec_66336,
    effect.metric_id,
    effect.introduced_on,
    side.baseline,
    side.baseline_method,
    side.expected,
    side.expected_method,
    side.reached,
    side.reached_method,
    side.confidence,
    side.source,
    CAST((side.reached - side.baseline) / nullif(side.expected - side.baseline, 0) AS DECIMAL(18, 4)) AS reached_share,
    (side.reached - side.baseline) / nullif(side.expected - side.baseline, 0) >= 1 AS is_reached
FROM core.calendar AS calendar
CROSS JOIN stage.effect AS effect
LEFT JOIN side ON side.period = calendar.period AND side.effect_id = effect.effect_id
