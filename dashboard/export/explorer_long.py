"""The answer in long form: one row per innermost cell and measure, names for programs, one type per column.

A figure that is not given out has no value, numerator, denominator or compared value, only its state.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from dashboard.export.cells import Cell, cleaned
from dashboard.export.explorer_answer import Analysis
from dashboard.export.explorer_cells import as_cell, said
from metrics.explore.question import Path, Show
from metrics.explore.result import Head, MeasureInfo, PivotCell
from metrics.result import Number

ColumnType = Literal["text", "number"]
WHOLE, UNKNOWN = "(gesamt)", "(ohne Angabe)"
STATES = {"value": "wert", "empty": "leer", "suppressed": "geschuetzt", "refused": "nicht_berechnet"}
_TEXTS = ("kennzahl", "teil", "bezeichnung", "einheit")
_NUMBERS = ("wert", "angezeigt", "vergleichswert", "zaehler", "nenner", "untergrenze", "obergrenze")
_QUALIFIED = ("zusatz",)
_STATE = ("zustand", "grund")
_OWN = (*_TEXTS, *_NUMBERS, *_QUALIFIED, *_STATE)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the data: its technical name and its type."""

    name: str
    type: ColumnType


def long_columns(analysis: Analysis) -> tuple[Column, ...]:
    """Return the columns: fields with their words, measure, figures, state and reason."""
    fields = [name for field in analysis.fields for name in (field, f"{field}_text")]
    # A field may be called like one of these; every column has a name of its own.
    own = {name: name if name not in fields else f"{name}_2" for name in _OWN}
    types: dict[str, ColumnType] = dict.fromkeys(_NUMBERS, "number")
    return (
        *(Column(name, "text") for name in fields),
        *(Column(name, types.get(plain, "text")) for plain, name in own.items()),
    )


def long_rows(analysis: Analysis) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows in the order of the pivot, sums left out."""
    pivot = analysis.pivot
    for row in leaves(pivot.rows):
        for column in leaves(pivot.columns):
            for number, info in enumerate(pivot.measures):
                cell = pivot.cell(row.path, column.path, number)
                yield _row(analysis, (row.path, column.path), info, cell)


def leaves(heads: Sequence[Head]) -> list[Head]:
    """Return the heads nothing shown lies below: innermost values and those that are closed."""
    opened = {head.path[:-1] for head in heads if head.path}
    return [head for head in heads if head.path not in opened]


def _row(
    analysis: Analysis, paths: tuple[Path, Path], info: MeasureInfo, cell: PivotCell
) -> tuple[Cell, ...]:
    question = analysis.pivot.question
    fields = [
        part
        for names, path in zip((question.rows, question.columns), paths, strict=True)
        for index, name in enumerate(names)
        for part in _field(analysis, name, path, index)
    ]
    measure = info.measure
    named = (measure.subject, measure.part, info.label, info.unit)
    return (
        *fields,
        *(Cell(cleaned(text)) for text in named),
        *_figures(info, cell, question.show),
        Cell(cleaned(cell.qualifier or "") if cell.state == "value" else ""),
        Cell(STATES[cell.state]),
        Cell(cleaned(cell.reason if cell.state in ("suppressed", "refused") else "")),
    )


def _field(analysis: Analysis, name: str, path: Path, index: int) -> tuple[Cell, Cell]:
    if index >= len(path):
        return Cell(WHOLE), Cell(WHOLE)
    value = path[index]
    if value is None:
        return Cell(UNKNOWN), Cell(UNKNOWN)
    return Cell(cleaned(value)), Cell(cleaned(analysis.words.value(name, value)))


def _figures(info: MeasureInfo, cell: PivotCell, show: Show) -> Iterator[Cell]:
    """Value, shown and compared value, numerator, denominator, what it lies between; shares as fractions."""
    if cell.state != "value":
        yield from (Cell("") for _ in _NUMBERS)
        return
    yield _number(info, cell.value, "value")
    yield _number(info, cell.shown, show)
    yield _number(info, cell.base, "value")
    yield _part(cell.numerator)
    yield _part(cell.denominator)
    yield _part(cell.lower)
    yield _part(cell.upper)


def _number(info: MeasureInfo, value: Number | None, show: Show) -> Cell:
    """A figure as it is, whatever the screen makes of it (points are a hundred times a difference)."""
    if value is None:
        return Cell("")
    shown = as_cell(said(info, value, show))
    points = show == "difference" and info.unit == "percent"
    return Cell(shown.text, value, "" if points else shown.pattern)


def _part(value: Number | None) -> Cell:
    return Cell("") if value is None else Cell(str(value), value)
