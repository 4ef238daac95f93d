"""Cells of a pivot as figures to draw: words, short marks, bases and links; hidden ones without any value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dashboard import formats
from dashboard.explorer.axis import Frame, Member
from dashboard.explorer.state import State, href
from dashboard.explorer.words import Words, amount_words, unit_of
from dashboard.figures.amounts import Amounts
from dashboard.figures.datum import Datum, Line, Measured
from metrics.explore.question import Path, Show
from metrics.explore.result import MeasureInfo, Pivot, PivotCell
from metrics.result import Number

SHARES: tuple[Show, ...] = ("row_share", "column_share", "total_share")
MOST_LINKS = 1_000
"""Addresses are longer than figures: beyond so many cells only rows lead on, and the pivot does as ever."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A pivot with its words and the state its links start from."""

    pivot: Pivot
    words: Words
    state: State
    amounts: tuple[Amounts, ...]
    leads: bool = True

    @classmethod
    def of(cls, pivot: Pivot, words: Words, state: State) -> Sheet:
        """Choose the scale of each measure."""
        places = range(len(pivot.measures))
        amounts = tuple(_amounts(pivot, place) for place in places)
        return cls(pivot, words, state, amounts, len(pivot.cells) <= MOST_LINKS)

    def measured(self, measure: int, label: str = "") -> Measured:
        """How a measure is printed in a drawing; `label` in place of its own name."""
        info, show, amounts = self.pivot.measures[measure], self.pivot.question.show, self.amounts[measure]
        head = amounts.head if amounts.thousands else unit_of(info, show)
        return Measured(label or info.short, amounts, head)

    def line(self, frame: Frame, down: Member, across: Sequence[tuple[Member, int]]) -> Line:
        """A row of the drawing: one figure per (member across, measure)."""
        return Line(down.label, tuple(self.datum(frame, down, member, place) for member, place in across))

    def datum(self, frame: Frame, down: Member, across: Member, measure: int = 0) -> Datum:
        """One figure; a period that is missing is a gap."""
        at = frame.cell(down, across)
        if at is None:
            return Datum()
        cell, info = self.pivot.cell(*at, measure), self.pivot.measures[measure]
        if cell.state == "suppressed":
            return Datum.protected(self.words.hidden(info))
        if cell.state != "value" or cell.shown is None:
            return Datum()
        return self._figure(cell, info, measure, self.link(at, measure) if self.leads else "")

    def _figure(self, cell: PivotCell, info: MeasureInfo, measure: int, way: str) -> Datum:
        show = self.pivot.question.show
        base = cell.base if show == "value" and self.pivot.question.against else None
        return Datum(
            value=None if cell.shown is None else float(cell.shown),
            text=self.words.cell(info, cell, show),
            mark=_mark(cell.shown, self.amounts[measure], plus=show == "difference"),
            base=None if base is None else float(base),
            base_text=amount_words(info, base),
            href=way,
        )

    def link(self, at: tuple[Path, Path], measure: int = 0) -> str:
        """Address of a cell in the pivot, with what lies behind it."""
        return href(self.state, view="pivot", cell=(*at, measure))


def _amounts(pivot: Pivot, measure: int) -> Amounts:
    """Unit and digits of what is shown: shares in percent, an index without unit. Thousands are chosen by
    the figures of members that are shown; the total is not drawn and would choose too coarse a scale."""
    info, show = pivot.measures[measure], pivot.question.show
    if show in SHARES:
        return Amounts("percent", 1)
    if show == "index":
        return Amounts("number", 0)
    values = (
        cell.shown
        for (row, column, place), cell in pivot.cells.items()
        if place == measure and cell.state == "value" and (row or column)
    )
    return Amounts.of(info.unit, info.decimals, values)


def _mark(value: Number | None, amounts: Amounts, *, plus: bool) -> str:
    """The figure as it stands in the drawing: without unit, changes with their sign."""
    if not plus or value is None:
        return amounts.bare(value)
    if amounts.thousands:
        return formats.number(float(value) / 1000, plus=True)
    return formats.parts(value, amounts.unit, amounts.decimals, plus=True)[0]


def refused_notices(sheet: Sheet, cells: Iterable[PivotCell]) -> tuple[str, ...]:
    """What is left out and why, each reason once; and what „< 5“ means where it stands."""
    reasons: dict[str, int] = {}
    hidden = False
    for cell in cells:
        if cell.state == "refused":
            reasons[cell.reason] = reasons.get(cell.reason, 0) + 1
        hidden = hidden or cell.state == "suppressed"
    notices = [
        f"{formats.number(count)} {'Wert ist' if count == 1 else 'Werte sind'} nicht gezeichnet: {reason}"
        for reason, count in reasons.items()
    ]
    mark = sheet.words.hidden(sheet.pivot.measures[0])
    return (*notices, *((f"{mark}: aus Datenschutzgründen nicht ausgewiesen.",) if hidden else ()))
