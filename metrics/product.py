"""Keys of the product plan: each Land has its own, and a key says nothing without it.

„111240“ (Niedersachsen) and „11.01.10“ (Nordrhein-Westfalen) are texts; they are
compared within one plan only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# Lengths of the leading parts: Niedersachsen has Produktbereich (2) and Produktgruppe (3); the rest is local.
_LEADING: Mapping[str, tuple[int, ...]] = {"NI": (2, 3)}


@dataclass(frozen=True, slots=True)
class ProductKey:
    """A key as printed with the plan it belongs to (Land in two letters)."""

    plan: str
    original: str

    @property
    def levels(self) -> tuple[str, ...]:
        """The key and what is above it, the widest first: („11“, „111“, „111240“)."""
        if "." in self.original:
            parts = self.original.split(".")
            return tuple(".".join(parts[:n]) for n in range(1, len(parts) + 1))
        above = tuple(self.original[:n] for n in _LEADING.get(self.plan, ()) if n < len(self.original))
        return (*above, self.original)

    def within(self, other: ProductKey) -> bool | None:
        """Whether the other key is this one or above it; None under different plans: not comparable."""
        if self.plan != other.plan:
            return None
        return other.original in self.levels
