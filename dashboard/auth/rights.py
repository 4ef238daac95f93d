"""Which role opens which page: the one table. A page's own `roles` may narrow it, never widen it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from dashboard.auth.viewer import Role

ALL_COCKPITS: frozenset[Role] = frozenset({"leitung", "fachbereichsleitung", "controlling"})
EVERYBODY: frozenset[Role] = frozenset({"leitung", "fachbereichsleitung", "controlling", "verwaltung"})

# Administration is not data access: Verwaltung runs sources and definitions, it sees no cockpit.
RIGHTS: dict[str, frozenset[Role]] = {
    "start": ALL_COCKPITS,
    "ozg": ALL_COCKPITS,
    "reifegrad": ALL_COCKPITS,
    "budget": ALL_COCKPITS,
    "wirkungen": ALL_COCKPITS,
    "ressourcen": ALL_COCKPITS,
    "dms": ALL_COCKPITS,
    "massnahmen": ALL_COCKPITS,
    "quellen": EVERYBODY,
    "kennzahlen": EVERYBODY,
    "zahl": ALL_COCKPITS,
    "vorschlag": ALL_COCKPITS,
    "termine": ALL_COCKPITS,
    "anmerkungen": ALL_COCKPITS,
    "auftraege": ALL_COCKPITS,
    "ansichten": ALL_COCKPITS,
    "mein_cockpit": ALL_COCKPITS,
    "vorlagen": ALL_COCKPITS,
    "modelle": ALL_COCKPITS,
    "aufgliederung": ALL_COCKPITS,
    "datensaetze": ALL_COCKPITS,
    "datensatz": ALL_COCKPITS,
    "explorer": ALL_COCKPITS,
    "datenmodell": EVERYBODY,
    "zugang": ALL_COCKPITS,
    "hilfe": EVERYBODY,
    "barrierefreiheit": EVERYBODY,
    "barriere": EVERYBODY,
}


# Ids of the pages a town declares itself begin like this; they show figures, so the cockpits' roles hold.
TOWN = "stadt."


class PageLike(Protocol):
    """What the rights need to know of a page."""

    @property
    def id(self) -> str:
        """Stable id of the page."""

    @property
    def roles(self) -> Iterable[str]:
        """Roles the page itself admits."""


def may_open(role: str, page: PageLike) -> bool:
    """True when the table and the page both admit the role; a page missing in the table opens for nobody."""
    return role in roles_of(page.id) and role in set(page.roles)


def roles_of(page_id: str) -> frozenset[Role]:
    """Roles the table admits to a page of the house or of the town; nobody where it says nothing."""
    return ALL_COCKPITS if page_id.startswith(TOWN) else RIGHTS.get(page_id, frozenset())
