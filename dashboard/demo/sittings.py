"""Sitzungskalender: council dates by rule, go-lives by plan."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from dashboard.demo.streams import nth_weekday
from dashboard.demo.tables import german_date, write_csv

HEADER = ("Kennung", "Tag", "Titel", "Gegenstand")
FIRST_YEAR = 2021

PLANNED = (
    (date(2022, 10, 4), "DMS-Welle 1 geht live", "FD 10 und FD 11 · 78 Arbeitsplätze"),
    (date(2023, 11, 6), "DMS-Welle 2 geht live", "FD 20 · 62 Arbeitsplätze"),
    (date(2024, 2, 1), "Bürgerportal geht live", "Meldewesen, Urkunden, Gewerbe, Parken"),
    (date(2024, 10, 1), "DMS-Welle 3 geht live", "FD 32 und FD 51 · 220 Arbeitsplätze"),
    (date(2025, 3, 3), "DMS-Welle 4 geht live", "FD 50 · 92 Arbeitsplätze"),
    (date(2025, 7, 1), "DMS-Welle 5 geht live", "FD 40 · 76 Arbeitsplätze"),
    (date(2026, 1, 5), "DMS-Welle 6 geht live", "FD 66 und FD 70 · 94 Arbeitsplätze"),
    (date(2026, 7, 1), "DMS-Welle 7 geht live", "FD 61 und FD 63 · 96 Arbeitsplätze"),
    (date(2026, 11, 2), "DMS-Welle 8 geht live", "FD 37 und FD 53 · 94 Arbeitsplätze"),
)


def appointments(last_year: int) -> list[tuple[str, date, str, str]]:
    """All dates up to the end of `last_year`: id, day, title, subject."""
    found = [(f"W-{day:%Y%m}", day, title, detail) for day, title, detail in PLANNED if day.year <= last_year]
    for year in range(FIRST_YEAR, last_year + 1):
        committee = "Ausschuss für Finanzen, Personal und Digitalisierung"
        found += [
            (f"A-{year}{month:02d}", nth_weekday(year, month, 3, 3), committee, "Budgetbericht 111240")
            for month in (2, 4, 6, 9, 11)
        ]
        found += [
            (f"R-{year}{month:02d}", nth_weekday(year, month, 1, 2), "Ratsversammlung", subject)
            for month, subject in (
                (2, "Bericht zur Kenntnis"),
                (4, "Bericht zur Kenntnis"),
                (7, "Mitteilung zur Kenntnis"),
                (9, "Nachtragshaushalt"),
                (12, "Haushaltssatzung"),
            )
        ]
        found += [
            (f"M-{year}1", date(year, 6, 30), "Stichtag Mitteilungsvorlage", f"1. Halbjahr {year}"),
            (f"M-{year}2", date(year, 12, 31), "Stichtag Mitteilungsvorlage", f"2. Halbjahr {year}"),
        ]
    return sorted(found, key=lambda item: item[1])


def write_appointments(path: Path, as_of: date) -> None:
    """Write the calendar up to the end of the coming year, as the council adopts it in autumn."""
    last = as_of.year + (1 if as_of.month >= 10 else 0)
    rows = [(name, german_date(day), title, detail) for name, day, title, detail in appointments(last)]
    write_csv(path, HEADER, rows)
