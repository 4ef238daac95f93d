"""Whoever has a role and a scope: what is drawn for such a viewer may be shown to all of them."""

from __future__ import annotations

from typing import Any

from dashboard import live
from dashboard.auth.viewer import Role, Viewer
from metrics.result import Scope

_PERSONAL = frozenset({"account_id", "name", "function", "initials", "login"})


class Somebody(Viewer):
    """A viewer without a name; whoever asks for one has drawn something for one person.

    `gap` stands in a drawing where the header tells whom it is shown to.
    """

    __slots__ = ("gap",)
    gap: str

    def __getattribute__(self, name: str) -> Any:
        """Note that a drawing depends on the person."""
        if name in _PERSONAL:
            live.note(live.PERSON)
        return super().__getattribute__(name)


def somebody(role: Role, scope: Scope, gap: str) -> Somebody:
    """Return anybody of these rights."""
    viewer = Somebody("", "", "", "", role, scope)
    # A viewer never changes; this is the moment it is made.
    object.__setattr__(viewer, "gap", gap)
    return viewer
