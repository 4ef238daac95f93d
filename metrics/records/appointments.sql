/* ---
label = "Nächste Termine"
scope = "city"
order = ["on_date", "title"]
key = ["appointment_id"]
subject = "appointment"

[columns]
appointment_id = { label = "Kennung", type = "text" }
on_date        = { label = "Tag", type = "date" }
title          = { label = "Termin", type = "text" }
detail         = { label = "Gegenstand", type = "text" }
--- */
SELECT appointment.appointment_id, appointment.on_date, appointment.title, appointment.detail
FROM core.appointment AS appointment
CROSS JOIN core.run AS run
WHERE appointment.on_date >= run.business_date
