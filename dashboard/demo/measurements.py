"""Wirkungsmessung: monthly sums and counts, with the odd entry of a hand-kept list."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dashboard.demo.streams import HISTORY_FROM, months, next_month, stream
from dashboard.demo.tables import german_date, write_csv

HEADER = ("Messgröße", "Monat", "Summe", "Anzahl", "Verfahren")


@dataclass(frozen=True, slots=True)
class Indicator:
    """A measured quantity: level before and after its measure, speed of the change, noise, cases."""

    id: str
    name: str
    introduced: date
    before: float
    after: float
    half_life: float
    noise: float
    cases: int | None
    method: str
    since: date = HISTORY_FROM


INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        "waiting_time_minutes",
        "Wartezeit Bürgerservice (Minuten)",
        date(2024, 5, 1),
        27,
        10.9,
        1.9,
        0.07,
        2900,
        "gemessen",
    ),
    Indicator(
        "paper_sheets",
        "Papierverbrauch (Blatt)",
        date(2024, 10, 1),
        565_000,
        409_000,
        2.2,
        0.022,
        None,
        "gemessen",
    ),
    Indicator(
        "recruiting_days",
        "Stellenbesetzung (Tage bis Zusage)",
        date(2025, 1, 1),
        118,
        94.3,
        1.5,
        0.05,
        9,
        "gemessen",
    ),
    Indicator(
        "search_minutes",
        "Suchzeit je Vorgang (Minuten)",
        date(2024, 10, 1),
        14,
        8.0,
        1.8,
        0.045,
        60,
        "Stichprobe",
    ),
    Indicator(
        "satisfaction_grade",
        "Zufriedenheit Online-Dienste (Schulnote)",
        date(2024, 2, 1),
        3.1,
        2.29,
        2.0,
        0.02,
        140,
        "Befragung",
    ),
)

# Entries of the hand-kept list nobody can read as a number or a day. They stay, and are counted.
UNREADABLE: tuple[tuple[date, tuple[str, str, str, str, str]], ...] = (
    (date(2022, 3, 1), ("Suchzeit je Vorgang (Minuten)", "31.02.2022", "812", "58", "Stichprobe")),
    (date(2022, 9, 1), ("Stellenbesetzung (Tage bis Zusage)", "01.08.2022", "k. A.", "k. A.", "gemessen")),
    (date(2024, 9, 1), ("Stellenbesetzung (Tage bis Zusage)", "01.08.2024", "k. A.", "0", "gemessen")),
)
NO_HIRING = {("recruiting_days", date(2022, 8, 1)), ("recruiting_days", date(2024, 8, 1))}


def write_measurements(path: Path, as_of: date, seed: int) -> None:
    """Write the list with every month that was complete on `as_of`."""
    rows: list[tuple[str, ...]] = []
    for month in months(HISTORY_FROM, as_of):
        if next_month(month) <= as_of:
            rows += [_row(i, month, seed) for i in INDICATORS if (i.id, month) not in NO_HIRING]
        rows += [fields for noted, fields in UNREADABLE if noted == month]
    write_csv(path, HEADER, rows, encoding="utf-8-sig")


def _row(indicator: Indicator, month: date, seed: int) -> tuple[str, ...]:
    total, count = measured(indicator, month, seed)
    decimals = f"{total:.1f}".replace(".", ",")
    return (
        indicator.name,
        german_date(month),
        decimals,
        "" if count is None else str(count),
        indicator.method,
    )


def measured(indicator: Indicator, month: date, seed: int) -> tuple[float, int | None]:
    """Sum and count of one month."""
    chance = stream(seed, "measured", indicator.id, month)
    passed = (month.year - indicator.introduced.year) * 12 + month.month - indicator.introduced.month
    left = 1.0 if passed < 0 else math.exp(-passed / indicator.half_life)
    level = indicator.after + (indicator.before - indicator.after) * left
    level *= float(chance.normal(1, indicator.noise))
    if indicator.cases is None:
        # Fewer sheets in the summer break, more with the notices of January.
        season = (1.05, 1.01, 1.02, 1.0, 0.99, 0.99, 0.95, 0.96, 1.0, 1.01, 1.02, 1.0)[month.month - 1]
        return round(level * season), None
    count = max(3, int(chance.normal(indicator.cases, indicator.cases * 0.12)))
    return round(level * count, 1), count
