/* ---
label = "Kriterien und Gewichte der Ranglisten"
scope = "city"
order = ["ranking_id", "position"]

[columns]
ranking_id    = { label = "Rangliste", type = "text" }
ranking_title = { label = "Titel", type = "text" }
decided       = { label = "Beschluss", type = "text" }
valid_from    = { label = "Gilt ab", type = "date" }
places        = { label = "Genannte Plätze", type = "integer" }
position      = { label = "Reihenfolge", type = "integer" }
criterion     = { label = "Kriterium (Kennung)", type = "text" }
title         = { label = "Kriterium", type = "text" }
weight        = { label = "Gewicht", type = "number" }
--- */
SELECT
    criterion.ranking_id, ranking.title AS ranking_title, ranking.decided, ranking.valid_from, ranking.places,
    criterion.position, criterion.criterion, criterion.title, criterion.weight
FROM core.ranking_criterion AS criterion
INNER JOIN core.ranking AS ranking USING (ranking_id)
