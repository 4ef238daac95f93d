"""The Maßnahmenliste: more than three thousand measures with deadlines, some of them missed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle

import numpy as np

from dashboard.demo.catalog import read_bundles
from dashboard.demo.organisation import unit_name
from dashboard.demo.streams import HISTORY_FROM, months, stream, working_day
from dashboard.demo.tables import Row, Table

REFERENCE = date(2026, 6, 9)
FIRST_RECORDED = date(2020, 11, 2)

# State on the reference day per unit: done, in work, planned, overdue.
STATE: dict[str, tuple[int, int, int, int]] = {
    "FD32": (212, 150, 118, 14),
    "FD50": (121, 96, 104, 22),
    "FD63": (74, 88, 92, 41),
    "FD51": (118, 84, 90, 19),
    "FD53": (52, 61, 83, 27),
    "FD10": (168, 78, 62, 6),
    "FD11": (41, 24, 20, 2),
    "FD20": (98, 56, 46, 5),
    "FD37": (38, 34, 34, 5),
    "FD40": (112, 74, 62, 6),
    "FD61": (54, 46, 42, 6),
    "FD66": (72, 44, 36, 4),
    "FD70": (54, 27, 22, 2),
}
CANCELLED_PER_UNIT = 4
LATER_PER_MONTH = 18
OZG_SHARE = 0.183

TASKS = (
    "Aktenplan abstimmen",
    "Akten einscannen und prüfen",
    "Posteingang digital verteilen",
    "Prozess aufnehmen",
    "Prozess verschlanken",
    "Formulare überarbeiten",
    "Fachverfahren ablösen",
    "Schnittstelle zum DMS einrichten",
    "Terminvergabe einführen",
    "Bezahlfunktion einbinden",
    "Schulung der Mitarbeitenden",
    "Berechtigungen bereinigen",
    "Kennzahlen festlegen",
    "Merkblätter in einfacher Sprache",
    "Rückkanal für Bescheide",
    "Barrierefreiheit herstellen",
    "Altdaten übernehmen",
    "Wissensdatenbank aufbauen",
)

COLUMNS = {
    "nummer": "text",
    "titel": "text",
    "fachdienst": "text",
    "ziel": "integer",
    "art": "text",
    "beginn_geplant": "date",
    "frist": "date",
    "erledigt_am": "date",
    "aufgegeben_am": "date",
    "aufgenommen_am": "date",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """Course of one measure over all time."""

    recorded: date
    begin: date
    due: date
    done: date | None
    cancelled: date | None = None


def measure_table(as_of: date, seed: int) -> Table:
    """Table massnahme as it stands on `as_of`."""
    bundles = cycle(f"Online-Antrag {bundle.name}" for bundle in read_bundles().values())
    rows: list[Row] = []
    for number, (unit, plan) in enumerate(plans(seed), start=1):
        chance = stream(seed, "measure", number)
        ozg = bool(chance.random() < OZG_SHARE)
        title = next(bundles) if ozg else f"{TASKS[int(chance.integers(len(TASKS)))]} ({unit_name(unit)})"
        goal = int(chance.choice(6, p=(0.2, 0.31, 0.19, 0.13, 0.1, 0.07))) + 1
        if plan.recorded <= as_of:
            rows.append(
                (
                    f"M-{number:05d}",
                    title,
                    unit,
                    3 if ozg else goal,
                    "ozg" if ozg else "eigen",
                    plan.begin.isoformat(),
                    plan.due.isoformat(),
                    _known(plan.done, as_of),
                    _known(plan.cancelled, as_of),
                    plan.recorded.isoformat(),
                )
            )
    return Table("massnahme", COLUMNS, rows, ("nummer",))


def _known(day: date | None, as_of: date) -> str | None:
    return day.isoformat() if day is not None and day <= as_of else None


def plans(seed: int) -> list[tuple[str, Plan]]:
    """All measures ever, in a fixed order; the reference day fixes how many stand where."""
    made: list[tuple[str, Plan]] = []
    for unit, counts in STATE.items():
        chance = stream(seed, "measures", unit)
        for builder, count in zip((_done, _working, _planned, _overdue), counts, strict=True):
            made += [(unit, builder(chance)) for _ in range(count)]
        made += [(unit, _cancelled(chance)) for _ in range(CANCELLED_PER_UNIT)]
    units = sorted(STATE)
    for month in months(date(2026, 7, 1), date(2030, 12, 1)):
        chance = stream(seed, "measures-later", month)
        made += [
            (units[int(chance.integers(len(units)))], _later(month, chance)) for _ in range(LATER_PER_MONTH)
        ]
    return made


def _days(chance: np.random.Generator, low: int, high: int) -> timedelta:
    return timedelta(days=int(chance.integers(low, high)))


def _lateness(chance: np.random.Generator) -> timedelta:
    """Half are early or in time; the rest are late by some months."""
    if chance.random() < 0.52:
        return -_days(chance, 0, 60)
    return timedelta(days=int(min(420, chance.exponential(150)) + 1))


def _before(begin: date, chance: np.random.Generator) -> date:
    """Most measures came with the first plan of 2020 and 2021, the rest until a month before they began."""
    span = (REFERENCE - FIRST_RECORDED).days - 20
    noted = FIRST_RECORDED + timedelta(days=int(span * float(chance.beta(0.8, 1.5))))
    return max(FIRST_RECORDED, working_day(min(noted, begin - timedelta(days=20))))


def _done(chance: np.random.Generator) -> Plan:
    span = (REFERENCE - HISTORY_FROM).days
    done = REFERENCE - timedelta(days=int(span * float(chance.beta(1.0, 1.35))))
    due = done - _lateness(chance)
    begin = min(due, done) - _days(chance, 90, 420)
    return Plan(_before(begin, chance), begin, due, done)


def _overdue(chance: np.random.Generator) -> Plan:
    due = REFERENCE - timedelta(days=1 + int(min(400, chance.exponential(120))))
    begin = due - _days(chance, 120, 420)
    return Plan(_before(begin, chance), begin, due, working_day(REFERENCE + _days(chance, 1, 260)))


def _working(chance: np.random.Generator) -> Plan:
    due = REFERENCE + _days(chance, 0, 560)
    begin = REFERENCE - _days(chance, 1, 400)
    done = max(due + _lateness(chance), REFERENCE + timedelta(days=1))
    return Plan(_before(begin, chance), begin, due, working_day(done))


def _planned(chance: np.random.Generator) -> Plan:
    begin = REFERENCE + _days(chance, 1, 540)
    due = begin + _days(chance, 150, 500)
    return Plan(_before(begin, chance), begin, due, working_day(max(due + _lateness(chance), begin)))


def _cancelled(chance: np.random.Generator) -> Plan:
    gone = REFERENCE - _days(chance, 20, 1300)
    begin = gone - _days(chance, 60, 300)
    return Plan(_before(begin, chance), begin, gone + _days(chance, 30, 300), None, gone)


def _later(month: date, chance: np.random.Generator) -> Plan:
    recorded = working_day(month + _days(chance, 0, 25))
    begin = recorded + _days(chance, 30, 300)
    due = begin + _days(chance, 150, 500)
    return Plan(recorded, begin, due, working_day(max(due + _lateness(chance), begin)))
