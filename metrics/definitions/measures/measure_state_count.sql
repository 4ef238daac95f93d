/* ---
label            = "Maßnahmen nach Stand"
short            = "Maßnahmenstand"
number           = "MAS-04"
question         = "Wie viele Maßnahmen sind abgeschlossen, in Arbeit, geplant oder überfällig?"
kind             = "distribution"
population       = "massnahme"
unit             = "percent"
better           = "none"
over_time        = "last"
dimensions       = ["org_unit_id", "goal", "kind", "reach", "package_id"]
scope            = "organisation"
decimals         = 1
numerator_text   = "Maßnahmen mit dem jeweiligen Stand am Stichtag"
denominator_text = "Alle aufgenommenen und nicht aufgegebenen Maßnahmen"
meaning          = "Maßnahmen nach ihrem Stand, jede genau einmal: abgeschlossen (erledigt), überfällig (Frist abgelaufen und nicht erledigt), in Arbeit (geplanter Beginn erreicht), sonst geplant."
revised          = 2026-06-09
limits           = "Ob eine Maßnahme begonnen ist, sagt nur ihr geplanter Beginn; der tatsächliche wird nicht gemeldet. Überfällig zählt wie MAS-02 nach dem Tag der Maßnahmenliste. Für frühere Stichtage gelten heutige Frist, Wirkung und Aufgabenpaket."

[records]
list = "measures"
columns = { bucket = "state" }
--- */
SELECT
    period,
    org_unit_id,
    goal,
    kind,
    reach,
    package_id,
    state AS bucket,
    sum(measures) AS numerator
FROM mart.measure_state
GROUP BY ALL
