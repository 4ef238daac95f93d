/* Own services per month, unit and Themenfeld, and those with a process that is agreed or released. Whether it
   is, is known for today only; the day of recording says from which month on it counts. */
SELECT
    month.period,
    month.org_unit_id,
    month.themenfeld,
    count(*) AS services,
    count(*) FILTER (WHERE EXISTS (
        SELECT 1
        FROM stage.process_model AS process
        WHERE
            process.leika_schluessel = month.leika_schluessel
            AND process.status IN ('abgestimmt', 'freigegeben')
            AND process.recorded_on <= month.stichtag
    )) AS documented
FROM core.service_own_month AS month
GROUP BY ALL
