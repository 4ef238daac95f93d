"""Calendar of an invented advisory board as iCalendar: repeated, once moved, once cancelled."""

from __future__ import annotations

from pathlib import Path

# Quarterly at 17:00; the date of October 2025 was moved, that of April 2026 fell out.
CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Musterstadt//Gremienkalender//DE
BEGIN:VEVENT
UID:digitalbeirat@musterstadt.example
DTSTAMP:20241202T090000Z
DTSTART;TZID=Europe/Berlin:20250115T170000
DTEND;TZID=Europe/Berlin:20250115T190000
RRULE:FREQ=MONTHLY;INTERVAL=3;BYDAY=3WE
SUMMARY:Digitalbeirat
DESCRIPTION:Stand der Umsetzung
LOCATION:Rathaus\\, Sitzungszimmer 2
END:VEVENT
BEGIN:VEVENT
UID:digitalbeirat@musterstadt.example
DTSTAMP:20250903T090000Z
SEQUENCE:1
RECURRENCE-ID;TZID=Europe/Berlin:20251015T170000
DTSTART;TZID=Europe/Berlin:20251022T170000
DTEND;TZID=Europe/Berlin:20251022T190000
SUMMARY:Digitalbeirat
DESCRIPTION:Stand der Umsetzung und Budget
END:VEVENT
BEGIN:VEVENT
UID:digitalbeirat@musterstadt.example
DTSTAMP:20260402T090000Z
SEQUENCE:1
RECURRENCE-ID;TZID=Europe/Berlin:20260415T170000
DTSTART;TZID=Europe/Berlin:20260415T170000
STATUS:CANCELLED
SUMMARY:Digitalbeirat
END:VEVENT
BEGIN:VEVENT
UID:digitaltag-2026@musterstadt.example
DTSTAMP:20251201T090000Z
DTSTART;VALUE=DATE:20260919
DTEND;VALUE=DATE:20260921
SUMMARY:Tage der digitalen Verwaltung
DESCRIPTION:Bürgerhaus\\, offen für alle
END:VEVENT
END:VCALENDAR
"""


def write_board_calendar(path: Path) -> None:
    """Write the calendar with the line ends the format asks for; it is the same on every day."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".draft")
    draft.write_bytes(CALENDAR.replace("\n", "\r\n").encode())
    draft.replace(path)
