"""A pivot prepared for drawing: its columns, the rows of one page, the reasons for what is not given."""

from __future__ import annotations

from dataclasses import dataclass, field

from dashboard import formats
from dashboard.explorer.columns import Leaf, leaves, parents, total_words
from dashboard.explorer.desk import Desk
from dashboard.explorer.sentence import adds_up
from dashboard.explorer.words import unit_of
from metrics.explore.question import Path
from metrics.explore.result import Head, MeasureInfo, Pivot, PivotCell

MOST_SHOWN = 2000
"""Cells of one page; what is beyond stands on the next one, an export holds everything."""
LEAST_ROWS = 20
LONGEST_SIGN, COUNTED = 3, "Anzahl"


@dataclass(slots=True)
class Reasons:
    """Why cells show no figure: each reason once, with its number."""

    found: dict[str, int] = field(default_factory=dict)

    def number(self, reason: str) -> int:
        """Number of a reason, a new one for a new reason."""
        return self.found.setdefault(reason, len(self.found) + 1)


@dataclass(frozen=True, slots=True)
class Grid:
    """A pivot with what its parts have in common while it is drawn."""

    desk: Desk
    pivot: Pivot
    leaves: tuple[Leaf, ...]
    parents: frozenset[Path]
    reasons: Reasons

    @classmethod
    def of(cls, desk: Desk, pivot: Pivot) -> Grid:
        """Prepare a pivot for drawing."""
        return cls(desk, pivot, leaves(pivot, desk.dataset), parents(pivot), Reasons())

    @property
    def body(self) -> tuple[Head, ...]:
        """Rows without the total."""
        return tuple(head for head in self.pivot.rows if head.path)

    @property
    def size(self) -> int:
        """Rows of one page."""
        return max(LEAST_ROWS, MOST_SHOWN // max(1, len(self.leaves)))

    @property
    def pages(self) -> int:
        """Number of pages, at least one."""
        return max(1, -(-len(self.body) // self.size))

    @property
    def page(self) -> int:
        """The page on show."""
        return min(self.desk.state.page, self.pages)

    @property
    def shown(self) -> tuple[Head, ...]:
        """Rows of the page on show."""
        first = (self.page - 1) * self.size
        return self.body[first : first + self.size]

    def edge(self, leaf: Leaf) -> str:
        """Class of a total: its place from the right, where it stays while the others scroll."""
        totals = [other for other in self.leaves if other.is_total]
        apart = len(totals) < len(self.leaves)
        return f"edge-{len(totals) - totals.index(leaf)}" if apart and leaf.is_total else ""

    def info(self, leaf: Leaf) -> MeasureInfo:
        """The value of a column in words."""
        return self.pivot.measures[leaf.measure]

    def words(self, leaf: Leaf) -> str:
        """Name of a column below its group: its member, „Summe“, or the value where that is all it shows."""
        if leaf.path and leaf.path in self.parents:
            return total_words(self.pivot)
        if leaf.path:
            return self.desk.value(self.pivot.question.columns[len(leaf.path) - 1], leaf.path[-1])
        return self.total_words(leaf)

    def short(self, leaf: Leaf, cell: PivotCell) -> str:
        """What a cell says; a long unit stands in the head instead."""
        told = self.desk.words.cell(self.info(leaf), cell, self.pivot.question.show)
        unit = self.long_unit(leaf)
        return told.removesuffix(f"{formats.NBSP}{unit}") if unit else told

    def long_unit(self, leaf: Leaf) -> str:
        """„Prozentpunkte“, „Tage“: a unit that would make every cell wide; „“ for signs like %."""
        unit = unit_of(self.info(leaf), self.pivot.question.show)
        return unit if len(unit) > LONGEST_SIGN and unit != COUNTED else ""

    def total_words(self, leaf: Leaf) -> str:
        """„Summe“ where parts of the value stand beside it, else the name of the value."""
        apart = any(other.path and other.measure == leaf.measure for other in self.leaves)
        several = len({other.measure for other in self.leaves if other.path}) > 1
        if apart and not several:
            return "Summe" if adds_up(self.info(leaf)) else "Gesamt"
        return self.info(leaf).short
