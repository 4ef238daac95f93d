"""Saved views of the people of Musterstadt: an official one, shared ones, one that waits, and their tiles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from warehouse.ledger import ViewDraft
from warehouse.ledger.view_pins import PERSON
from warehouse.ledger.views import OWN, RELEASED, ROLE

if TYPE_CHECKING:
    from warehouse.ledger import Ledger

SERVICES = "bestand:einzelleistung_eigen"
AUTHOR, RELEASED_BY = "controlling", "leitung"
FIRST = date(2026, 5, 12)


@dataclass(frozen=True, slots=True)
class DemoView:
    """One view; `tiles` are the people who pinned it, `waits`: it is proposed as official."""

    name: str
    note: str
    params: Mapping[str, str]
    audience: str = OWN
    tiles: tuple[str, ...] = ()
    official: bool = False
    waits: bool = False


VIEWS: tuple[DemoView, ...] = (
    DemoView(
        "Online-Quote der Stadt",
        "Für den Bericht an den Ausschuss.",
        {"daten": SERVICES, "werte": "ozg_online_share"},
        tiles=("leitung", "controlling", "fachbereich"),
        official=True,
    ),
    DemoView(
        "Reifegrad nach Themenfeld",
        "",
        {
            "daten": SERVICES,
            "werte": "reifegrad_distribution.zaehler",
            "zeilen": "themenfeld",
            "spalten": "bucket",
        },
        audience=f"{ROLE}leitung",
        tiles=("leitung", "controlling"),
    ),
    DemoView(
        "Online-Quote je Fachdienst",
        "Größte Rückstände zuerst.",
        {"daten": SERVICES, "werte": "ozg_online_share", "zeilen": "fachdienst", "ordnung": "wert"},
        audience=f"{ROLE}leitung",
        tiles=("leitung", "controlling"),
        waits=True,
    ),
)


def add_views(ledger: Ledger, as_of: date) -> None:
    """Add what was kept up to a day; a ledger that has views already stays as it is."""
    if as_of < FIRST or ledger.views_stamp() != (0, 0):
        return
    moment = datetime.combine(FIRST, time(9), UTC)
    for place, view in enumerate(VIEWS, start=1):
        _add(ledger, view, f"beispiel-ansicht-{place}", moment)


def _add(ledger: Ledger, view: DemoView, number: str, at: datetime) -> None:
    draft = ViewDraft(view.name, view.note, view.params, view.audience)
    made = ledger.write_view(draft, owner=AUTHOR, number=number, at=at)
    if view.official or view.waits:
        ledger.propose_view(made.id, who=AUTHOR, number=f"{number}-vorschlag", based_on=1, at=at)
    if view.official:
        ledger.decide_view(
            made.id, kind=RELEASED, who=RELEASED_BY, number=f"{number}-freigabe", based_on=1, at=at
        )
    for login in view.tiles:
        ledger.pin_view(f"{PERSON}{login}", made.id, who=login, at=at)
