"""What the people of Musterstadt typed into the portal: accounts, person days, proposals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from dashboard.demo.streams import HISTORY_FROM, months, next_month, nth_weekday

Payload = dict[str, str | int]


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An invented person with one of the four roles."""

    login: str
    name: str
    function: str
    initials: str
    role: str
    units: tuple[str, ...]


ACCOUNTS: tuple[DemoAccount, ...] = (
    DemoAccount("leitung", "Dr. M. Beispiel", "Oberbürgermeisterin", "OB", "leitung", ()),
    DemoAccount("fachbereich", "B. Muster", "Leitung Dezernat IV", "BM", "fachbereichsleitung", ("DEZ4",)),
    DemoAccount("controlling", "K. Muster", "Controlling, FD 20", "KM", "controlling", ()),
    DemoAccount("verwaltung", "A. Fachadmin", "Fachadministration", "AF", "verwaltung", ()),
)

# Person days a year: organisational and technical part, needed and available (17 + 12 a project).
CAPACITY: dict[int, tuple[tuple[int, int], tuple[int, int]]] = {
    2021: ((610, 520), (430, 310)),
    2022: ((1120, 1010), (790, 610)),
    2023: ((1180, 1120), (835, 720)),
    2024: ((1240, 1190), (875, 780)),
    2025: ((1320, 1260), (930, 770)),
    2026: ((1395, 1300), (985, 740)),
    2027: ((1460, 1390), (1030, 870)),
    2028: ((1460, 1430), (1030, 950)),
    2029: ((1300, 1290), (920, 890)),
    2030: ((1120, 1120), (790, 780)),
}
ROLES = ("organisatorisch", "technisch")
# Leave and carnival in winter, summer break: months are not equally long in person days.
MONTH_SHAPE = (8, 8, 9, 8, 8, 9, 7, 7, 9, 9, 9, 9)


@dataclass(frozen=True, slots=True)
class Entry:
    """One released entry: subject, day of release, content."""

    subject: str
    on: date
    payload: Payload


def entries(as_of: date) -> Iterator[Entry]:
    """All entries released up to `as_of`, oldest first within a subject."""
    yield from _capacity(as_of)
    yield from _proposals(as_of)


def _capacity(as_of: date) -> Iterator[Entry]:
    """The plan of a year is released on the first of December before it."""
    for year, amounts in CAPACITY.items():
        released = max(date(year - 1, 12, 1), HISTORY_FROM)
        if released > as_of:
            continue
        for role, (needed, available) in zip(ROLES, amounts, strict=True):
            for month, (need, have) in enumerate(
                zip(_spread(needed), _spread(available), strict=True), start=1
            ):
                payload: Payload = {
                    "month": date(year, month, 1).isoformat(),
                    "role": role,
                    "needed_pt": need,
                    "available_pt": have,
                }
                yield Entry("capacity", released, payload)


def _spread(total: int) -> list[int]:
    """Twelve whole months that add up to the year."""
    edges = [round(total * sum(MONTH_SHAPE[:n]) / sum(MONTH_SHAPE)) for n in range(13)]
    return [later - earlier for earlier, later in pairwise(edges)]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A standing concern, proposed anew each month; due on a day of this or the next month."""

    metric_id: str
    title: str
    text: str
    owner: str
    day: int
    next_month: bool = False


PROPOSALS_FROM = date(2026, 1, 1)
PROPOSALS: tuple[Proposal, ...] = (
    Proposal(
        "budget_forecast_balance_eur",
        "Budget 111240: Deckung beschließen",
        "E-Akten-Scannen teurer als geplant. Vorschlag: Umschichtung aus Schulungen und Strategie.",
        "FD 20",
        18,
    ),
    Proposal(
        "ozg_online_share",
        "OZG: Rückstand zum Soll abbauen",
        "Schwerpunkt Bauen & Wohnen, Recht & Ordnung, Gesundheit. Engpass: technischer Teil.",
        "FD 10",
        28,
    ),
    Proposal(
        "capacity_cover_share",
        "1,8 VZÄ Systembetreuung besetzen",
        "Ohne Besetzung sinkt das Tempo der Umsetzung; die Stellen sind ausgeschrieben.",
        "FD 11",
        15,
        next_month=True,
    ),
)


def _proposals(as_of: date) -> Iterator[Entry]:
    """Proposals of each month, written when the forecasts of the month are known."""
    for month in months(PROPOSALS_FROM, as_of):
        recorded = nth_weekday(month.year, month.month, 0, 2)
        if recorded > as_of:
            continue
        for number, proposal in enumerate(PROPOSALS, start=1):
            due = (next_month(month) if proposal.next_month else month).replace(day=proposal.day)
            payload: Payload = {
                "proposal_id": f"V-{month:%Y-%m}-{number}",
                "metric_id": proposal.metric_id,
                "title": proposal.title,
                "text": proposal.text,
                "owner": proposal.owner,
                "due_on": due.isoformat(),
                "recorded_on": recorded.isoformat(),
            }
            yield Entry("proposal", recorded, payload)
