"""Cells of a pivot as figures with their number format; what is hidden is a word and no more."""

from __future__ import annotations

from dashboard import formats
from dashboard.export.cells import Cell, cleaned
from dashboard.export.explorer_answer import Words
from dashboard.shown import Shown
from metrics.explore.question import Show
from metrics.explore.result import MeasureInfo, PivotCell
from metrics.result import Number

SHARES = frozenset({"row_share", "column_share", "total_share"})
CENTS = 2
REFUSED = "nicht berechenbar"


def shown_cell(info: MeasureInfo, cell: PivotCell, show: Show, words: Words) -> Cell:
    """Return what stands in a cell after „Anteile“, differences and indices were taken."""
    if cell.state == "suppressed":
        return Cell(cleaned(words.hidden(info)))
    if cell.state == "refused":
        return Cell(REFUSED)
    value = cell.shown if cell.state == "value" else None
    return as_cell(said(info, value, show))


def base_cell(info: MeasureInfo, cell: PivotCell) -> Cell:
    """Return the compared value; beside a figure that is not given out there is none."""
    return as_cell(said(info, cell.base if cell.state == "value" else None, "value"))


def as_cell(text: str) -> Cell:
    """Return a finished text as cell, with its value where it has one."""
    if isinstance(text, Shown):
        return Cell(cleaned(text), text.value, text.pattern)
    return Cell(cleaned(text))


def said(info: MeasureInfo, value: Number | None, show: Show) -> str:
    """Return a value of a measure as German text that knows its number and format."""
    if show in SHARES:
        return formats.percent(value)
    if show == "index":
        return formats.number(value, 1)
    unit = "" if info.unit == "number" else info.unit
    decimals = max(info.decimals, CENTS) if unit == "eur" else info.decimals
    if show == "difference":
        # Grades differ by a word that keeps no number; in a file the number counts.
        if unit == "grade":
            return formats.number(value, decimals, plus=True)
        return formats.change(value, unit, decimals)
    return formats.amount(value, unit, decimals)
