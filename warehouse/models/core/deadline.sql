/* Deadlines as they were named, with the last day of the period they name: a quarter ends with its last day,
   whichever of its days was delivered. Without a deadline, or without a day, there is no end. */
SELECT
    about,
    object_id,
    kind,
    precision,
    due_on,
    CASE
        WHEN kind = 'ohne_frist' THEN NULL
        WHEN precision = 'monat' THEN last_day(due_on)
        WHEN precision = 'quartal' THEN last_day(date_trunc('quarter', due_on) + INTERVAL 2 MONTH)
        WHEN precision = 'halbjahr' AND month(due_on) <= 6 THEN make_date(year(due_on), 6, 30)
        WHEN precision IN ('halbjahr', 'jahr') THEN make_date(year(due_on), 12, 31)
        ELSE due_on
    END AS due_end,
    source,
    paper_no,
    stated_on,
    _source
FROM stage.deadline
