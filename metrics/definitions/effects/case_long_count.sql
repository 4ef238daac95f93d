/* ---
label          = "Vorgänge über sechs Wochen"
short          = "Über sechs Wochen"
number         = "WIR-09"
question       = "Wie viele Entscheidungen haben länger als sechs Wochen gedauert?"
kind           = "sum"
population     = "vorgang_entschieden"
unit           = "count"
better         = "lower"
grain          = "year"
over_time      = "sum"
dimensions     = ["procedure", "channel", "org_unit_id"]
scope          = "organisation"
numerator_text = "Im Kalenderjahr entschiedene Vorgänge mit mehr als 42 Kalendertagen vom vollständigen Eingang bis zur Entscheidung"
meaning        = "Zahl der Vorgänge, über die in einem abgeschlossenen Kalenderjahr erst nach mehr als sechs Wochen entschieden wurde."
revised        = 2026-01-15
min_cell       = 5
limits         = "Kleine Zahlen sind geschützt, auch solche, aus denen sich andere berechnen ließen. Ein Jahr wird nach seinem Ende einmal festgeschrieben; was später eintrifft, ändert es nicht mehr."

[protect]
cuts        = [["procedure"], ["channel"], ["procedure", "channel"], ["dezernat"], ["fachdienst"], ["fachdienst", "channel"]]
periods     = 5
settle_days = 31
--- */
SELECT
    CAST(date_trunc('year', period) AS DATE) AS period,
    org_unit_id,
    procedure,
    channel,
    sum(n) AS numerator,
    sum(n) AS n
FROM mart.case_duration
WHERE days > 42
GROUP BY ALL
