"""Colours of series in free charts: the stages of the Reifegrad in their notation, all else by category."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.figures.levels import ONLINE, UNRATED, fill
from dashboard.figures.stacked_parts import tokens
from dashboard.theme import Palette, contrast


@dataclass(frozen=True, slots=True)
class Paint:
    """How one series is filled; `swatch` is its name in legends, `stage` „0“ to „4“ or „ohne“."""

    swatch: str
    stage: str = ""

    @property
    def hatched(self) -> bool:
        """Whether figures on it need a quiet ground."""
        return self.stage == "0"

    def marker(self, palette: Palette) -> dict[str, Any]:
        """Marker of its bars."""
        if self.stage:
            return fill(self.stage, palette)
        return {"color": palette[self.swatch], "line": {"color": palette["flaeche"], "width": 1}}

    def ink(self, palette: Palette) -> str:
        """Colour of figures on it."""
        if self.stage:
            return palette[f"auf-rg{self.stage}" if self.stage in ONLINE else "auf-rg-hell"]
        return palette[
            max(("text", "flaeche"), key=lambda name: contrast(palette[name], palette[self.swatch]))
        ]


def paints(names: Sequence[str], stages: Sequence[str] = ()) -> tuple[Paint, ...]:
    """Paints of series in their order; `stages` where they are stages of the Reifegrad."""
    if stages:
        return tuple(Paint("rg-ohne" if s == UNRATED else f"rg{s}", s) for s in stages)
    return tuple(Paint(token) for token in tokens(names))
