/* ---
label            = "DMS-Lizenzen in Nutzung"
short            = "DMS: Lizenzen"
number           = "DMS-02"
question         = "Welcher Anteil der DMS-Lizenzen wird genutzt?"
kind             = "share"
population       = "dms_lizenz"
unit             = "percent"
better           = "higher"
over_time        = "last"
dimensions       = ["org_unit_id"]
scope            = "organisation"
decimals         = 1
numerator_text   = "Genutzte Lizenzen im letzten Monatsbericht"
denominator_text = "Vorhandene Lizenzen im letzten Monatsbericht"
meaning          = "Anteil der beschafften DMS-Lizenzen, die laut Monatsbericht genutzt werden."
revised          = 2026-01-15
limits           = "Einheiten ohne Angabe zu Lizenzen bleiben außen vor. Lizenzen sind keine Arbeitsplätze."

[records]
list = "dms_rollout"
--- */
SELECT
    period,
    org_unit_id,
    sum(licences_used) AS numerator,
    sum(licences) AS denominator
FROM mart.dms_month
WHERE licences IS NOT NULL
GROUP BY ALL
