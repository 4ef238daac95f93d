/* Fachverfahren in operation per month, unit and target of the connection; those left out with a reason are gone.
   `connected` is connected for sure, `possible` may be (nothing recorded). Targets are never added up. */
SELECT
    period,
    org_unit_id,
    ziel,
    count(*) AS systems,
    count(grad) AS known,
    count(*) FILTER (WHERE grad IN ('datei', 'schnittstelle')) AS connected,
    count(*) FILTER (WHERE grad IN ('datei', 'schnittstelle') OR grad IS NULL) AS possible
FROM core.fachverfahren_month
WHERE NOT left_out
GROUP BY ALL
