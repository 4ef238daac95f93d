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
    "quellen": EVERYBODY,
    "kennzahlen": EVERYBODY,
    "zahl": ALL_COCKPITS,
    "vorlagen": ALL_COCKPITS,
    "modelle": ALL_COCKPITS,
    "datenmodell": EVERYBODY,
    "hilfe": EVERYBODY,
    "barrierefreiheit": EVERYBODY,
    "barriere": EVERYBODY,
}


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
    return role in RIGHTS.get(page.id, frozenset()) and role in set(page.roles)
