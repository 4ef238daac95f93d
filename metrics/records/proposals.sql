/* ---
label = "Vorschläge zur Entscheidung"
scope = "city"
order = ["due_on", "title"]
key = ["proposal_id"]
subject = "proposal"

[columns]
proposal_id = { label = "Kennung", type = "text" }
metric_id   = { label = "Kennzahl", type = "text" }
title       = { label = "Titel", type = "text" }
text        = { label = "Vorschlag", type = "text" }
owner       = { label = "Zuständig", type = "text" }
due_on      = { label = "Frist", type = "date" }
recorded_on = { label = "Erfasst am", type = "date" }
--- */
SELECT proposal.proposal_id, proposal.metric_id, proposal.title, proposal.text, proposal.owner, proposal.due_on, proposal.recorded_on
FROM core.proposal AS proposal
CROSS JOIN core.run AS run
WHERE proposal.recorded_on <= run.business_date
