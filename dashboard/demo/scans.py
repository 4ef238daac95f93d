"""Aktendigitalisierung: paper files to scan and scanned per Fachdienst, month by month."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from dashboard.demo.dms import UNITS
from dashboard.demo.streams import months, stream
from dashboard.demo.tables import german_date, write_csv

HEADER = ("Fachdienst", "Berichtsmonat", "einzuscannen", "eingescannt")
FIRST_MONTH = date(2022, 10, 1)
FILES_PER_WORKPLACE = (30, 55)
MONTHS_NEEDED = (20, 34)
MOST = 0.985


def write_scans(path: Path, as_of: date, seed: int) -> None:
    """Write the list with every month up to `as_of`."""
    rows = [
        (unit, german_date(month), planned, scanned)
        for unit, month, planned, scanned in scan_rows(as_of, seed)
    ]
    write_csv(path, HEADER, rows, encoding="utf-8-sig")


def scan_rows(as_of: date, seed: int) -> list[tuple[str, date, int, int]]:
    """(unit, month, files to scan, files scanned); scanning begins with the wave of a unit."""
    rows = []
    for unit, (places, wave, _) in UNITS.items():
        chance = stream(seed, "scans", unit)
        planned = places * int(chance.integers(*FILES_PER_WORKPLACE))
        needed = int(chance.integers(*MONTHS_NEEDED))
        for month in months(FIRST_MONTH, as_of):
            passed = (month.year - wave.year) * 12 + month.month - wave.month
            share = min(MOST, max(0, passed) / needed)
            rows.append((unit, month, planned, round(planned * share)))
    return rows
