"""Beschlusskontrolle: requests and resolutions of the council, and every deadline somebody named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from dashboard.demo.measures import Plan, plans
from dashboard.demo.streams import HISTORY_FROM, months, nth_weekday, stream, working_day
from dashboard.demo.tables import german_date, write_csv

ITEM_HEADER = (
    *("Kennung", "Art", "Titel", "Vorlage", "Fachdienst", "Ziel"),
    *("Eingang", "Entschieden", "Ergebnis", "Stand", "Erledigt", "Antwort"),
)
DEADLINE_HEADER = (
    *("Gegenstand", "Kennung", "genannt am", "Quelle", "Vorlage", "Art", "Genauigkeit", "Frist"),
)
LAST = date(2030, 12, 1)
PER_QUARTER = 3

# Title, kind, unit, goal.
SUBJECTS: tuple[tuple[str, str, str, int], ...] = (
    ("Online-Terminvergabe im Bürgerservice ausweiten", "Antrag", "FD32", 1),
    ("Wie viele Leistungen lassen sich fallabschließend digital erledigen?", "Anfrage", "FD10", 3),
    ("Halbjährlicher Bericht zum Stand der Digitalisierung", "Beschluss", "FD10", 4),
    ("Digitale Bauakte: Rückstand abbauen", "Antrag", "FD63", 2),
    ("Kosten der DMS-Einführung je Arbeitsplatz", "Anfrage", "FD20", 4),
    ("Wohngeld: Bearbeitungsdauer senken", "Beschluss", "FD50", 2),
    ("WLAN in den Dienststellen", "Antrag", "FD10", 5),
    ("Barrierefreiheit der Online-Formulare", "Anfrage", "FD32", 1),
    ("Aktenplan für alle Fachdienste", "Beschluss", "FD10", 2),
    ("Kita-Anmeldung vollständig online", "Antrag", "FD51", 1),
    ("Papierverbrauch der Verwaltung", "Anfrage", "FD10", 6),
    ("Endgeräte für die Gremienarbeit", "Beschluss", "FD11", 5),
    ("Sperrmüll online anmelden", "Antrag", "FD70", 1),
    ("Freie Stellen in der IT", "Anfrage", "FD11", 5),
    ("Prozessanalysen in allen Fachdiensten", "Beschluss", "FD10", 2),
)
PRECISIONS = ("tag", "monat", "quartal", "halbjahr", "jahr")
NUMBERS = {"Antrag": "AN/{number:04d}/{year:02d}", "Anfrage": "AF/{number:04d}/{year:02d}"}


@dataclass(frozen=True, slots=True)
class Deadline:
    """One deadline as somebody named it; `due` is a day of the period."""

    about: str
    object_id: str
    stated: date
    source: str
    paper: str
    kind: str
    precision: str
    due: date | None


@dataclass(frozen=True, slots=True)
class Item:
    """One request or resolution over all time, with its deadlines."""

    item_id: str
    kind: str
    title: str
    paper: str
    unit: str
    goal: int
    submitted: date
    decided: date
    outcome: str
    done: date
    answer: str
    deadlines: tuple[Deadline, ...]


def write_council(folder: Path, as_of: date, seed: int) -> None:
    """Write both lists as they stood on `as_of`."""
    day = as_of.isoformat()
    rows = [_row(item, as_of) for item in items(seed) if item.submitted <= as_of]
    write_csv(folder / f"Auftraege_{day}.csv", ITEM_HEADER, rows, encoding="utf-8-sig")
    named = [
        (
            d.about,
            d.object_id,
            german_date(d.stated),
            d.source,
            d.paper,
            d.kind,
            d.precision,
            german_date(d.due),
        )
        for d in deadlines(as_of, seed)
    ]
    write_csv(folder / f"Fristen_{day}.csv", DEADLINE_HEADER, named, encoding="utf-8-sig")


def deadlines(as_of: date, seed: int) -> list[Deadline]:
    """All deadlines named up to `as_of`, those of council items first."""
    known = [d for item in items(seed) if item.submitted <= as_of for d in item.deadlines]
    for number, (_, plan) in enumerate(plans(seed), start=1):
        if plan.recorded <= as_of:
            known += _of_measure(f"M-{number:05d}", plan, stream(seed, "deadline", number))
    return [deadline for deadline in known if deadline.stated <= as_of]


def items(seed: int) -> list[Item]:
    """Three a quarter, in a fixed order of subjects."""
    made = []
    quarters = [month for month in months(HISTORY_FROM, LAST) if month.month % 3 == 1]
    for turn, (month, place) in enumerate(
        (month, place) for month in quarters for place in range(PER_QUARTER)
    ):
        made.append(_item(turn, month, stream(seed, "council", month, place)))
    return made


def _item(turn: int, month: date, chance: np.random.Generator) -> Item:
    title, kind, unit, goal = SUBJECTS[turn % len(SUBJECTS)]
    submitted = nth_weekday(month.year, month.month, 1, 1) + timedelta(days=int(chance.integers(0, 20)))
    decided = submitted + timedelta(days=int(chance.integers(20, 60)))
    due = decided + timedelta(days=int(chance.integers(60, 420)))
    late = int(chance.exponential(160)) if chance.random() < 0.4 else -int(chance.integers(0, 60))
    number = 12 + turn * 7
    paper = NUMBERS.get(kind, "DS/{number:04d}/{full}").format(
        number=number % 400, year=month.year % 100, full=month.year
    )
    item_id = f"R-{month.year}-{turn + 1:03d}"
    return Item(
        item_id,
        kind,
        title,
        paper,
        unit,
        goal,
        submitted,
        decided,
        _outcome(kind, chance),
        working_day(max(decided, due + timedelta(days=late))),
        f"MV/{number % 400 + 40:04d}/{month.year}",
        tuple(_of_item(item_id, paper, decided, due, chance)),
    )


def _outcome(kind: str, chance: np.random.Generator) -> str:
    if kind == "Anfrage":
        return "zur Kenntnis"
    return "abgelehnt" if kind == "Antrag" and chance.random() < 0.15 else "angenommen"


def _of_item(
    item_id: str, paper: str, decided: date, due: date, chance: np.random.Generator
) -> Iterator[Deadline]:
    precision = str(chance.choice(PRECISIONS, p=(0.3, 0.1, 0.35, 0.2, 0.05)))
    if chance.random() < 0.1:
        yield Deadline("Ratsauftrag", item_id, decided, "Beschluss", paper, "ohne Frist", "", None)
        return
    first = due - timedelta(days=int(chance.integers(60, 200))) if chance.random() < 0.2 else due
    yield Deadline("Ratsauftrag", item_id, decided, "Beschluss", paper, "bis", precision, max(first, decided))
    if first < due:
        moved = max(decided + timedelta(days=14), first - timedelta(days=20))
        yield Deadline(
            "Ratsauftrag", item_id, moved, "Niederschrift des Ausschusses", paper, "bis", precision, due
        )


def _of_measure(measure_id: str, plan: Plan, chance: np.random.Generator) -> Iterator[Deadline]:
    """Most deadlines are vague, one in six was moved, a few are named nowhere but in the list."""
    precision = str(chance.choice(PRECISIONS, p=(0.3, 0.1, 0.33, 0.21, 0.06)))
    draw = float(chance.random())
    source = (
        "Umsetzungsfahrplan 2020" if plan.recorded.year <= 2021 else f"Maßnahmenplan {plan.recorded.year}"
    )
    if draw < 0.02:
        return
    if draw < 0.03:
        yield Deadline("Maßnahme", measure_id, plan.recorded, source, "", "ohne Frist", "", None)
        return
    kind = "fortlaufend bis" if draw < 0.08 else "bis"
    earlier = plan.due - timedelta(days=int(chance.integers(80, 420)))
    moved = earlier - timedelta(days=int(chance.integers(5, 60)))
    was_moved = chance.random() < 0.17 and moved > plan.recorded
    first = earlier if was_moved else plan.due
    yield Deadline("Maßnahme", measure_id, plan.recorded, source, "", kind, precision, first)
    if was_moved:
        word = f"Fortschreibung {moved.year}"
        yield Deadline("Maßnahme", measure_id, moved, word, "", kind, precision, plan.due)


def _row(item: Item, as_of: date) -> tuple[object, ...]:
    decided = item.decided if item.decided <= as_of else None
    refused = item.outcome == "abgelehnt" and decided is not None
    done = item.done if item.done <= as_of and not refused else None
    status = "offen"
    if refused or (done and item.kind == "Antrag"):
        status = "formal erledigt"
    elif done:
        status = "erledigt"
    elif decided:
        status = "in Bearbeitung"
    return (
        *(item.item_id, item.kind, item.title, item.paper, item.unit, item.goal),
        *(german_date(item.submitted), german_date(decided), item.outcome if decided else "", status),
        *(german_date(done), item.answer if done else ""),
    )
