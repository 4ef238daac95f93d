"""The person behind a request, as the rest of the dashboard sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from metrics.result import Scope

Role = Literal["leitung", "fachbereichsleitung", "controlling", "verwaltung"]
ROLES: tuple[Role, ...] = get_args(Role)
ROLE_LABELS: dict[str, str] = {
    "leitung": "Leitung",
    "fachbereichsleitung": "Fachbereichsleitung",
    "controlling": "Controlling",
    "verwaltung": "Verwaltung",
}
CITY_WIDE: frozenset[str] = frozenset({"leitung", "controlling"})


@dataclass(frozen=True, slots=True)
class Viewer:
    """Identity and scope of one request; built from the session only, never from what a browser sends."""

    account_id: str
    name: str
    function: str
    initials: str
    role: Role
    scope: Scope
    login: str = ""

    @property
    def sees_figures(self) -> bool:
        """Administration is not data access: Verwaltung sees definitions and sources, no figures."""
        return self.role != "verwaltung"

    @property
    def sees_rejected_values(self) -> bool:
        """Rejected raw values may hold anything; only those who clear them up see them."""
        return self.role in ("controlling", "verwaltung")


def scope_of(role: str, units: tuple[str, ...]) -> Scope:
    """Return what a role may count: the whole city, its own units, or nothing (Verwaltung)."""
    if role in CITY_WIDE and not units:
        return Scope.city()
    if role == "verwaltung":
        return Scope.of()
    return Scope.of(*units)
