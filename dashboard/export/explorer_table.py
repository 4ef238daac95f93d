"""The pivot as it is shown, as a grid: heads of several lines, rows with their level, one cell per value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dashboard.export.cells import Cell, cleaned
from dashboard.export.explorer_answer import Analysis
from dashboard.export.explorer_cells import base_cell, shown_cell
from metrics.explore.question import Path
from metrics.explore.result import Head, MeasureInfo

TOTAL = "Gesamt"
RECORDS_HEAD = "Zeile"


@dataclass(frozen=True, slots=True)
class GridColumn:
    """One column of values: its words from the outermost head inwards, and what stands in it."""

    words: tuple[str, ...]
    head: Head
    measure: int
    is_base: bool = False

    @property
    def is_total(self) -> bool:
        """Whether it sums up all columns."""
        return not self.head.path


@dataclass(frozen=True, slots=True)
class GridRow:
    """One line: its words, its level (0 is the total), its cells."""

    words: str
    level: int
    cells: tuple[Cell, ...]

    @property
    def is_total(self) -> bool:
        """Whether it sums up all rows."""
        return self.level == 0


@dataclass(frozen=True, slots=True)
class Grid:
    """The pivot as shown: `corner` names the fields of the rows."""

    corner: str
    columns: tuple[GridColumn, ...]
    rows: tuple[GridRow, ...]

    @property
    def depth(self) -> int:
        """Lines of heads."""
        return max((len(column.words) for column in self.columns), default=1)


def grid(analysis: Analysis) -> Grid:
    """Return the pivot as shown, texts without signs no document may hold."""
    pivot, words = analysis.pivot, analysis.words
    columns = tuple(_columns(analysis))
    fields = [cleaned(words.field(name)) for name in pivot.question.rows]
    rows = tuple(_row(analysis, head, columns) for head in pivot.rows)
    return Grid(" / ".join(fields) or RECORDS_HEAD, columns, rows)


def _columns(analysis: Analysis) -> Iterator[GridColumn]:
    pivot = analysis.pivot
    told = len(pivot.measures) > 1 or not pivot.question.columns or analysis.has_base
    for head in pivot.columns:
        for number, info in enumerate(pivot.measures):
            outer = _head_words(analysis, pivot.question.columns, head.path)
            inner = (cleaned(info.short or info.label),) if told else ()
            yield GridColumn((*outer, *inner), head, number)
            if analysis.has_base:
                yield GridColumn((*outer, cleaned(base_words(analysis, info))), head, number, is_base=True)


def base_words(analysis: Analysis, info: MeasureInfo) -> str:
    """„Online-Quote, Vorjahr“."""
    against = {
        "previous_period": "Vorperiode",
        "previous_year": "Vorjahr",
        "plan": "Soll",
        "member": "Vergleich",
    }
    return f"{info.short or info.label}, {against.get(analysis.pivot.question.against, 'Vergleich')}"


def _head_words(analysis: Analysis, fields: Sequence[str], path: Path) -> tuple[str, ...]:
    """One word per field; below the last one of a subtotal stands „Gesamt“."""
    said = [cleaned(analysis.words.value(name, value)) for name, value in zip(fields, path, strict=False)]
    missing = len(fields) - len(said)
    return (*said, *([TOTAL, *[""] * (missing - 1)] if missing else []))


def _row(analysis: Analysis, head: Head, columns: Sequence[GridColumn]) -> GridRow:
    fields = analysis.pivot.question.rows
    last = analysis.words.value(fields[head.level - 1], head.path[-1]) if head.path else TOTAL
    return GridRow(cleaned(last), head.level, tuple(_cell(analysis, head.path, column) for column in columns))


def _cell(analysis: Analysis, row: Path, column: GridColumn) -> Cell:
    pivot = analysis.pivot
    info, found = pivot.measures[column.measure], pivot.cell(row, column.head.path, column.measure)
    if column.is_base:
        return base_cell(info, found)
    return shown_cell(info, found, pivot.question.show, analysis.words)
