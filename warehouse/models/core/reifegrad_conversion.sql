/* Crosswalks for ranges: a range is convertible only when each of its levels is, and then spans all of
   theirs. `to_von` empty means „nicht übertragbar“. */
SELECT
    low.from_modell,
    low.to_modell,
    low.from_reifegrad AS from_von,
    high.from_reifegrad AS from_bis,
    CASE WHEN count(*) = count(step.to_von) THEN min(step.to_von) END AS to_von,
    CASE WHEN count(*) = count(step.to_von) THEN max(step.to_bis) END AS to_bis
FROM core.reifegrad_crosswalk AS low
INNER JOIN core.reifegrad_crosswalk AS high
    ON high.from_modell = low.from_modell
    AND high.to_modell = low.to_modell
    AND high.from_reifegrad >= low.from_reifegrad
INNER JOIN core.reifegrad_crosswalk AS step
    ON step.from_modell = low.from_modell
    AND step.to_modell = low.to_modell
    AND step.from_reifegrad BETWEEN low.from_reifegrad AND high.from_reifegrad
GROUP BY low.from_modell, low.to_modell, low.from_reifegrad, high.from_reifegrad
