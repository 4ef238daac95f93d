/* ---
label = "Termine"
scope = "city"
order = ["on_date", "title"]

[columns]
appointment_id = { label = "Kennung", type = "text" }
on_date        = { label = "Tag", type = "date" }
title          = { label = "Gremium oder Termin", type = "text" }
detail         = { label = "Gegenstand", type = "text" }
--- */
SELECT appointment.appointment_id, appointment.on_date, appointment.title, appointment.detail
FROM core.appointment AS appointment
