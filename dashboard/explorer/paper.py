"""How a wide pivot comes onto paper: smaller letters, then fewer columns and a sentence that says so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dashboard import formats, texts
from dashboard.explorer.columns import Leaf
from dashboard.explorer.grid import Grid
from metrics.explore.result import PivotCell

ROOM = 1150
"""Pixels across A4 landscape as print.css scales it."""
LOOKS = (("", 7.4, 26, 230), ("paper-small", 6.4, 14, 190), ("paper-smallest", 5.1, 10, 150))
"""Class of the table, pixels of a letter, beside the letters of a column, for the names: see explorer.css."""


@dataclass(frozen=True, slots=True)
class Paper:
    """Letters a table is printed in (a class of explorer.css) and the columns that stay off the sheet."""

    look: str = ""
    left_out: frozenset[int] = frozenset()
    columns: int = 0

    @property
    def note(self) -> str:
        """What the sheet says about columns it does not show; „“ where it shows all."""
        if not self.left_out:
            return ""
        shown = formats.number(self.columns - len(self.left_out))
        return (
            f"Auf Papier stehen {shown} von {texts.plural(self.columns, 'Spalte', 'Spalten')}. "
            "Alle Spalten enthält der Export als Excel oder CSV."
        )


def paper_of(grid: Grid) -> Paper:
    """What of a pivot fits on a sheet."""
    return fitted(
        [_letters(grid, leaf) for leaf in grid.leaves],
        [place for place, leaf in enumerate(grid.leaves) if leaf.is_total],
    )


def fitted(letters: Sequence[int], totals: Sequence[int]) -> Paper:
    """Choose letters for columns of so many letters; the totals (by place) stay, of the others the first."""
    for look, wide, beside, names in LOOKS:
        if sum(_pixels(count, wide, beside) for count in letters) <= ROOM - names:
            return Paper(look, columns=len(letters))
    look, wide, beside, names = LOOKS[-1]
    room = ROOM - names - sum(_pixels(letters[place], wide, beside) for place in totals)
    left_out = []
    for place, count in enumerate(letters):
        if place in totals:
            continue
        room -= _pixels(count, wide, beside)
        if room < 0:
            left_out.append(place)
    return Paper(look, frozenset(left_out), len(letters))


def _pixels(letters: int, wide: float, beside: int) -> float:
    return letters * wide + beside


def _letters(grid: Grid, leaf: Leaf) -> int:
    """The longest word of the head or the longest figure below it, whichever is longer."""
    words = re.split(r"(?<=[\s-])", grid.words(leaf))
    return max(
        *(len(word.strip()) for word in words), *(len(grid.short(leaf, cell)) for cell in _widest(grid, leaf))
    )


def _widest(grid: Grid, leaf: Leaf) -> list[PivotCell]:
    """Cells one of which says the longest: the greatest figure, the least, a qualified one, one without."""
    rows = (*grid.shown, *(head for head in grid.pivot.rows if not head.path))
    cells = [grid.pivot.cell(head.path, leaf.path, leaf.measure) for head in rows]
    figures = [cell for cell in cells if cell.shown is not None]
    others = [cell for cell in cells if cell.shown is None][:1] + [
        cell for cell in figures if cell.qualifier
    ][:1]
    return [max(figures, key=_figure), min(figures, key=_figure), *others] if figures else others


def _figure(cell: PivotCell) -> float:
    return float(cell.shown or 0)
