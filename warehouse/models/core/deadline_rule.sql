/* Which of several deadlines of one thing decides. Under every rule a thing is overdue from the day after the last
   day of the period its deadline names, unless it is done; „fortlaufend bis“ is judged by its end. */
SELECT fristregel, title, meaning
FROM (
    VALUES
        (
            'zuletzt_genannt',
            'Zuletzt genannte Frist',
            'Es gilt die Frist, die bis zum Stichtag zuletzt genannt wurde.'
        ),
        (
            'zuerst_genannt',
            'Zuerst genannte Frist',
            'Es gilt die Frist, die als erste genannt wurde; spätere Verlängerungen ändern nichts.'
        )
) AS rule(fristregel, title, meaning)
