"""Umsetzungsprojekte: some 600 projects, each passing five steps; technical work is the bottleneck."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from itertools import cycle

import numpy as np

from dashboard.demo.catalog import Offered
from dashboard.demo.streams import days_when, stream, working_day
from dashboard.demo.tables import Row, Table

STEPS = ("pruefung", "aufnahme", "optimierung", "umsetzung", "test")
STEP_DAYS = (18, 34, 41, 96, 16)
PROJECTS = 600

# Projects begun; starts come in waves, as the steering group releases them half a year at a time.
_STARTED = (
    (date(2021, 9, 1), 0.0),
    (date(2022, 12, 31), 52.0),
    (date(2023, 12, 31), 105.0),
    (date(2024, 12, 31), 166.0),
    (date(2025, 11, 21), 231.0),
    (date(2025, 12, 7), 243.0),
    (date(2026, 3, 7), 266.0),
    (date(2026, 4, 17), 277.0),
    (date(2026, 5, 21), 294.0),
    (date(2026, 6, 10), 315.0),
    (date(2026, 12, 31), 372.0),
    (date(2027, 12, 31), 470.0),
    (date(2029, 12, 31), 600.0),
)

PROJECT_COLUMNS = {
    "nummer": "text",
    "titel": "text",
    "fachdienst": "text",
    "leistungen": "integer",
    "abschluss_geplant": "date",
    "begonnen_am": "date",
    "abgeschlossen_am": "date",
}
STEP_COLUMNS = {"projekt": "text", "schritt": "text", "von": "date", "bis": "date"}


def project_tables(own: list[Offered], as_of: date, seed: int) -> list[Table]:
    """Tables projekt and projektschritt as they stand on `as_of`; open projects have no start."""
    starts = days_when(_STARTED, np.arange(PROJECTS) + 0.5)
    projects: list[Row] = []
    steps: list[Row] = []
    for number, (title, unit) in enumerate(_subjects(own)):
        chance = stream(seed, "project", number)
        start = working_day(date.fromordinal(int(starts[number])))
        course = _course(start, chance)
        name = f"P-{number + 1:03d}"
        done = course[-1][1]
        planned = start + timedelta(days=int(sum(STEP_DAYS) * 0.85))
        projects.append(
            (
                name,
                title,
                unit,
                int(chance.choice((1, 2, 3, 4, 5), p=(0.22, 0.3, 0.26, 0.14, 0.08))),
                planned.isoformat() if start <= as_of + timedelta(days=365) else None,
                start.isoformat() if start <= as_of else None,
                _known(done, as_of),
            )
        )
        steps += [
            (name, step, entered.isoformat(), _known(left, as_of))
            for step, (entered, left) in zip(STEPS, course, strict=True)
            if entered <= as_of
        ]
    return [
        Table("projekt", PROJECT_COLUMNS, projects, ("nummer",)),
        Table("projektschritt", STEP_COLUMNS, steps, ("projekt", "schritt")),
    ]


def _known(day: date, as_of: date) -> str | None:
    return day.isoformat() if day <= as_of else None


def _course(start: date, chance: np.random.Generator) -> list[tuple[date, date]]:
    """Entry and exit of each step; early projects took a little longer."""
    learning = 1.12 if start < date(2023, 7, 1) else 1.0
    course = []
    entered = start
    for days in STEP_DAYS:
        lasted = max(2, round(days * learning * chance.normal(1, 0.16)))
        left = working_day(entered + timedelta(days=lasted))
        course.append((entered, left))
        entered = left
    return course


def _subjects(own: list[Offered]) -> list[tuple[str, str]]:
    """Title and unit per project: bundle after bundle, taking turns between the Fachdienste."""
    bundles: dict[str, dict[str, str]] = defaultdict(dict)
    for service in own:
        bundles[service.unit][service.bundle.ozg_id] = service.bundle.name
    queues = {unit: iter(list(names.values())) for unit, names in sorted(bundles.items())}
    second = {unit: cycle(names.values()) for unit, names in sorted(bundles.items())}
    chosen: list[tuple[str, str]] = []
    for unit in cycle(sorted(queues)):
        if len(chosen) == PROJECTS:
            break
        name = next(queues[unit], None)
        title = f"Online-Antrag {name}" if name else f"Ende-zu-Ende {next(second[unit])}"
        chosen.append((title, unit))
    return chosen
