"""Schulungsstand: who of each Fachdienst took part in a training, counted, never named."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from dashboard.demo.dms import UNITS
from dashboard.demo.streams import HISTORY_FROM, months, stream
from dashboard.demo.tables import german_date, write_csv

HEADER = ("Fachdienst", "Thema", "Berichtsmonat", "zu schulen", "geschult")
AI_FROM = date(2025, 9, 1)
MOST = 0.96


def write_training(path: Path, as_of: date, seed: int) -> None:
    """Write the list with every month up to `as_of`."""
    rows = [
        (unit, topic, german_date(month), planned, trained)
        for unit, topic, month, planned, trained in training_rows(as_of, seed)
    ]
    write_csv(path, HEADER, rows, encoding="utf-8-sig")


def training_rows(as_of: date, seed: int) -> list[tuple[str, str, date, int, int]]:
    """(unit, topic, month, people to train, people trained); nobody is untrained again."""
    rows = []
    for unit, (places, wave, _) in UNITS.items():
        pace = float(stream(seed, "training-pace", unit).uniform(0.85, 1.15))
        for month in months(HISTORY_FROM, as_of):
            # Courses begin three months before the wave of a unit and end within half a year after it.
            share = min(MOST, max(0.0, (_passed(wave, month) + 4) * 0.11 * pace))
            rows.append((unit, "DMS", month, places, round(places * share)))
            if month >= AI_FROM:
                share = min(MOST, _passed(AI_FROM, month) * 0.028 * pace)
                rows.append((unit, "KI", month, places, round(places * share)))
    return rows


def _passed(since: date, month: date) -> int:
    return (month.year - since.year) * 12 + month.month - since.month
