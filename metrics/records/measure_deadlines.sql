/* ---
label = "Fristen der Maßnahmen mit ihren Quellen"
scope = "organisation"
order = ["measure_id", "stated_on", "source"]
key = ["measure_id", "stated_on", "source"]

[columns]
measure_id  = { label = "Maßnahme", type = "text" }
title       = { label = "Titel", type = "text" }
org_unit_id = { label = "Einheit", type = "unit" }
kind        = { label = "Art der Frist", type = "text" }
precision   = { label = "Genauigkeit", type = "text" }
due_on      = { label = "Frist", type = "date" }
due_end     = { label = "Letzter Tag der Frist", type = "date" }
stated_on   = { label = "Genannt am", type = "date" }
source      = { label = "Quelle", type = "text" }
paper_no    = { label = "Vorlage", type = "text" }
done_on     = { label = "Erledigt am", type = "date" }
--- */
SELECT
    measure.measure_id, measure.title, measure.org_unit_id, deadline.kind, deadline.precision, deadline.due_on,
    deadline.due_end, deadline.stated_on, deadline.source, deadline.paper_no, measure.done_on
FROM core.deadline AS deadline
INNER JOIN core.measure AS measure ON deadline.about = 'massnahme' AND measure.measure_id = deadline.object_id
CROSS JOIN core.run AS run
WHERE measure.recorded_on <= run.business_date AND deadline.stated_on <= run.business_date
