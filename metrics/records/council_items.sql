/* ---
label = "Anträge, Anfragen und Beschlüsse"
scope = "organisation"
order = ["due_end", "submitted_on", "item_id"]
key = ["item_id"]
subject = "council_item"

[columns]
item_id         = { label = "Kennung", type = "text" }
kind            = { label = "Art", type = "text" }
title           = { label = "Titel", type = "text" }
paper_no        = { label = "Vorlage", type = "text" }
org_unit_id     = { label = "Einheit", type = "unit" }
goal            = { label = "Ziel", type = "integer" }
submitted_on    = { label = "Eingegangen am", type = "date" }
decided_on      = { label = "Entschieden am", type = "date" }
outcome         = { label = "Ergebnis", type = "text" }
status          = { label = "Stand", type = "text" }
done_on         = { label = "Erledigt am", type = "date" }
answer_paper_no = { label = "Antwort", type = "text" }
due_kind        = { label = "Art der Frist", type = "text" }
due_precision   = { label = "Genauigkeit der Frist", type = "text" }
due_end         = { label = "Letzter Tag der Frist", type = "date" }
due_source      = { label = "Quelle der Frist", type = "text" }
deadlines       = { label = "Genannte Fristen", type = "integer" }
is_overdue      = { label = "Überfällig", type = "boolean" }
--- */
SELECT
    item.item_id, item.kind, item.title, item.paper_no, item.org_unit_id, item.goal, item.submitted_on,
    item.decided_on, item.outcome, item.status, item.done_on, item.answer_paper_no,
    deadline.kind AS due_kind,
    deadline.precision AS due_precision,
    deadline.due_end,
    deadline.source AS due_source,
    coalesce(named.deadlines, 0) AS deadlines,
    coalesce(
        deadline.due_end < run.business_date AND item.done_on IS NULL
        AND coalesce(item.outcome, '') NOT IN ('abgelehnt', 'zurueckgezogen')
        AND item.status <> 'zurueckgezogen',
        false
    ) AS is_overdue
FROM core.council_item AS item
CROSS JOIN core.run AS run
LEFT JOIN core.deadline_in_force AS deadline
    ON deadline.about = 'ratsauftrag' AND deadline.fristregel = 'zuletzt_genannt'
    AND deadline.object_id = item.item_id AND deadline.from_day <= run.business_date
    AND (deadline.until_day IS NULL OR deadline.until_day > run.business_date)
LEFT JOIN (
    SELECT named.object_id, count(*) AS deadlines
    FROM core.deadline AS named CROSS JOIN core.run AS today
    WHERE named.about = 'ratsauftrag' AND named.stated_on <= today.business_date
    GROUP BY named.object_id
) AS named ON named.object_id = item.item_id
WHERE item.submitted_on <= run.business_date
