"""Umsetzungsfahrplan: Aufgabenpakete with plan, Ist, forecast and milestones; what each measure serves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dashboard.demo.measures import measure_table
from dashboard.demo.tables import german_date, write_csv

PACKAGE_HEADER = (
    *("Kennung", "Reihenfolge", "Aufgabenpaket", "Beginn geplant", "Ende geplant"),
    *("begonnen", "abgeschlossen", "Ende Prognose", "Plan"),
)
MILESTONE_HEADER = ("Aufgabenpaket", "Meilenstein", "geplant", "erreicht")
PURPOSE_HEADER = ("Maßnahme", "Aufgabenpaket", "Wirkung")
PLAN = "Umsetzungsfahrplan 2020"


@dataclass(frozen=True, slots=True)
class Milestone:
    """A milestone over all time."""

    title: str
    planned: date
    reached: date


@dataclass(frozen=True, slots=True)
class Package:
    """Course of an Aufgabenpaket over all time; before its end the end is the forecast."""

    package_id: str
    title: str
    planned: tuple[date, date]
    course: tuple[date, date]
    milestones: tuple[Milestone, ...] = ()


PACKAGES = (
    Package(
        "buergerportal",
        "Bürgerportal",
        (date(2021, 7, 1), date(2023, 9, 30)),
        (date(2021, 7, 1), date(2024, 2, 1)),
        (Milestone("Bürgerportal geht live", date(2023, 9, 30), date(2024, 2, 1)),),
    ),
    Package(
        "aktenplan",
        "Aktenplan (KGSt)",
        (date(2021, 7, 1), date(2022, 3, 31)),
        (date(2021, 7, 1), date(2022, 6, 30)),
        (Milestone("Aktenplan beschlossen", date(2022, 3, 31), date(2022, 6, 30)),),
    ),
    Package(
        "dms",
        "DMS und E-Akte",
        (date(2021, 10, 1), date(2025, 12, 31)),
        (date(2021, 10, 1), date(2026, 12, 31)),
        (
            Milestone("Welle 3 geht live", date(2024, 6, 30), date(2024, 10, 1)),
            Milestone("Letzte Welle geht live", date(2025, 12, 31), date(2026, 11, 2)),
        ),
    ),
    Package(
        "prozesse",
        "Prozessanalysen",
        (date(2021, 7, 1), date(2025, 6, 30)),
        (date(2021, 9, 1), date(2027, 6, 30)),
    ),
    Package(
        "ozg",
        "OZG-Leistungen",
        (date(2021, 7, 1), date(2022, 12, 31)),
        (date(2021, 7, 1), date(2027, 12, 31)),
    ),
    Package(
        "anbindung",
        "Anbindung Fachverfahren",
        (date(2022, 1, 1), date(2025, 12, 31)),
        (date(2022, 4, 1), date(2027, 9, 30)),
    ),
    Package(
        "kennzahlen",
        "Steuerung, Kennzahlen",
        (date(2021, 10, 1), date(2025, 12, 31)),
        (date(2021, 10, 1), date(2026, 9, 30)),
        (Milestone("Steuerungsportal geht live", date(2025, 12, 31), date(2026, 3, 31)),),
    ),
    Package(
        "infrastruktur",
        "IT-Infrastruktur, WLAN",
        (date(2022, 1, 1), date(2023, 6, 30)),
        (date(2022, 1, 1), date(2024, 1, 15)),
        (Milestone("WLAN in allen Dienststellen", date(2023, 6, 30), date(2024, 1, 15)),),
    ),
)

# First words of a measure's title: its Aufgabenpaket and where it works.
SERVES: tuple[tuple[str, str, str], ...] = (
    ("Online-Antrag", "ozg", "extern"),
    ("Aktenplan", "dms", "intern"),
    ("Akten einscannen", "dms", "intern"),
    ("Posteingang", "dms", "intern"),
    ("Schnittstelle zum DMS", "dms", "intern"),
    ("Prozess", "prozesse", "intern"),
    ("Formulare", "prozesse", "beides"),
    ("Merkblätter", "ozg", "extern"),
    ("Terminvergabe", "ozg", "extern"),
    ("Bezahlfunktion", "ozg", "beides"),
    ("Rückkanal", "ozg", "beides"),
    ("Barrierefreiheit", "ozg", "extern"),
    ("Fachverfahren", "anbindung", "intern"),
    ("Altdaten", "anbindung", "intern"),
    ("Berechtigungen", "anbindung", "intern"),
    ("Kennzahlen", "kennzahlen", "intern"),
    ("Schulung", "dms", "intern"),
    ("Wissensdatenbank", "prozesse", "intern"),
)


def write_packages(folder: Path, as_of: date, seed: int) -> None:
    """Write the three lists as they stood on `as_of`."""
    day = as_of.isoformat()
    write_csv(folder / f"Aufgabenpakete_{day}.csv", PACKAGE_HEADER, package_rows(as_of))
    write_csv(folder / f"Meilensteine_{day}.csv", MILESTONE_HEADER, milestone_rows(as_of))
    write_csv(folder / f"Zuordnung_{day}.csv", PURPOSE_HEADER, purpose_rows(as_of, seed))


def package_rows(as_of: date) -> list[tuple[object, ...]]:
    """One row per Aufgabenpaket; what lies ahead of `as_of` is forecast, not Ist."""
    rows: list[tuple[object, ...]] = []
    for position, package in enumerate(PACKAGES, start=1):
        begun, end = package.course
        forecast = german_date(end) if as_of < end else ""
        rows.append(
            (
                *(package.package_id, position, package.title),
                *(german_date(day) for day in package.planned),
                *(_known(begun, as_of), _known(end, as_of), forecast, PLAN),
            )
        )
    return rows


def milestone_rows(as_of: date) -> list[tuple[object, ...]]:
    """One row per milestone."""
    return [
        (package.package_id, m.title, german_date(m.planned), _known(m.reached, as_of))
        for package in PACKAGES
        for m in package.milestones
    ]


def purpose_rows(as_of: date, seed: int) -> list[tuple[object, ...]]:
    """What each measure known on `as_of` serves, by its title."""
    return [(row[0], *serves(str(row[1]))) for row in measure_table(as_of, seed).rows]


def serves(title: str) -> tuple[str, str]:
    """Aufgabenpaket and Wirkung of a measure; one that fits nowhere has neither."""
    return next(((package, reach) for head, package, reach in SERVES if title.startswith(head)), ("", ""))


def _known(day: date, as_of: date) -> str:
    return german_date(day) if day <= as_of else ""
