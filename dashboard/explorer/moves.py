"""One step from a question to the next: fields between zones, what is shown, what is open.

Each step is a whole new question, so that each has an address of its own and works as a plain link.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeVar

from metrics.explore.question import (
    MOST_FIELDS,
    MOST_METRICS,
    Against,
    Filter,
    Measure,
    Path,
    PivotQuestion,
    Show,
    Top,
)

if TYPE_CHECKING:
    from dashboard.explorer.state import State

T = TypeVar("T")
Axis = Literal["rows", "columns"]
OTHER: Mapping[Axis, Axis] = MappingProxyType({"rows": "columns", "columns": "rows"})
COMPARING: tuple[Show, ...] = ("difference", "index")


def on(state: State, question: PivotQuestion) -> State:
    """The view with another question: nothing selected, first page, no longer the saved view it came from."""
    sorting = state.sorting if question.dataset == state.question.dataset else ""
    return replace(state, question=question, cell=None, page=1, sorting=sorting)


def placed(question: PivotQuestion, name: str, axis: Axis) -> PivotQuestion:
    """The field at the end of an axis; it leaves the other one, for it can divide only once."""
    rows, columns = _without(question.rows, name), _without(question.columns, name)
    return (
        _axes(question, (*rows, name), columns) if axis == "rows" else _axes(question, rows, (*columns, name))
    )


def fields_on(question: PivotQuestion, axis: Axis) -> tuple[str, ...]:
    """Fields of an axis, the outermost first."""
    return question.rows if axis == "rows" else question.columns


def has_room(question: PivotQuestion, axis: Axis) -> bool:
    """Whether an axis takes one more field."""
    return len(fields_on(question, axis)) < MOST_FIELDS


def taken_off(question: PivotQuestion, name: str) -> PivotQuestion:
    """The question without the field on either axis."""
    return _axes(question, _without(question.rows, name), _without(question.columns, name))


def shifted(question: PivotQuestion, axis: Axis, name: str, step: int) -> PivotQuestion | None:
    """The field one place further to the front (-1) or back (+1); None at the end of the axis."""
    fields = fields_on(question, axis)
    moved = _swapped(fields, fields.index(name), step)
    if moved is None:
        return None
    return (
        _axes(question, moved, question.columns) if axis == "rows" else _axes(question, question.rows, moved)
    )


def _swapped(items: tuple[T, ...], place: int, step: int) -> tuple[T, ...] | None:
    if not 0 <= place + step < len(items):
        return None
    moved = list(items)
    moved[place], moved[place + step] = moved[place + step], moved[place]
    return tuple(moved)


def turned(question: PivotQuestion) -> PivotQuestion:
    """Rows and columns exchanged."""
    return _axes(question, question.columns, question.rows)


def _without(fields: tuple[str, ...], name: str) -> tuple[str, ...]:
    return tuple(field for field in fields if field != name)


def _axes(question: PivotQuestion, rows: tuple[str, ...], columns: tuple[str, ...]) -> PivotQuestion:
    """Other axes; what belonged to the old ones (open rows, the member compared with, the rank) goes."""
    changed = replace(question, rows=rows, columns=columns)
    if rows[: len(question.rows)] != question.rows:
        changed = replace(changed, open_paths=None if question.open_paths is None else frozenset())
    if not rows:
        changed = replace(changed, top=None, order="")
    if question.against == "member" and (columns or rows)[:1] != (question.columns or question.rows)[:1]:
        changed = compared(changed, "")
    return changed


def measured(question: PivotQuestion, measure: Measure) -> PivotQuestion:
    """One more value beside the others."""
    return replace(question, measures=(*(m for m in question.measures if m != measure), measure))


def measured_alone(question: PivotQuestion, measure: Measure) -> PivotQuestion:
    """One value instead of all others."""
    return replace(question, measures=(measure,))


def can_measure(question: PivotQuestion) -> bool:
    """Whether one more value has room."""
    return len(question.measures) < MOST_METRICS


def unmeasured(question: PivotQuestion, measure: Measure) -> PivotQuestion | None:
    """The question without a value; None for the last one, as cells need something to show."""
    rest = tuple(m for m in question.measures if m != measure)
    return replace(question, measures=rest) if rest else None


def measure_shifted(question: PivotQuestion, measure: Measure, step: int) -> PivotQuestion | None:
    """A value one place further; the first one decides rank and order."""
    moved = _swapped(question.measures, question.measures.index(measure), step)
    return None if moved is None else replace(question, measures=moved)


def filtered(question: PivotQuestion, name: str, found: Filter | None) -> PivotQuestion:
    """The question with another condition on a field; None takes it off."""
    rest = tuple(item for item in question.filters if item.name != name)
    return replace(question, filters=rest if found is None else (*rest, found))


def filter_of(question: PivotQuestion, name: str) -> Filter | None:
    """The condition on a field."""
    return next((item for item in question.filters if item.name == name), None)


def shown_as(question: PivotQuestion, show: Show) -> PivotQuestion:
    """What is displayed; a difference without anything to compare with compares with the previous year."""
    if show in COMPARING and not question.against:
        return replace(question, show=show, against="previous_year")
    return replace(question, show=show)


def compared(question: PivotQuestion, against: Against, member: str = "") -> PivotQuestion:
    """What is compared with; without it nothing can be displayed as difference or index."""
    show = question.show
    if not against and show in COMPARING:
        show = "value"
    elif against and show not in COMPARING:
        show = "difference"
    return replace(question, against=against, against_member=member, show=show)


def chosen(question: PivotQuestion, dimension: str, value: str) -> PivotQuestion:
    """Another value of a dimension of which exactly one holds."""
    return replace(question, choose={**question.choose, dimension: value})


def ranked(question: PivotQuestion, top: Top | None) -> PivotQuestion:
    """Only the largest or smallest of the outermost rows."""
    return replace(question, top=top)


def dated(question: PivotQuestion, between: tuple[date, date] | None, at: date | None) -> PivotQuestion:
    """Another span of time, another Stichtag."""
    return replace(question, between=between, at=at)


def opened(question: PivotQuestion, path: Path) -> PivotQuestion:
    """A row with its children."""
    return question if question.open_paths is None else _open(question, {*question.open_paths, path})


def closed(question: PivotQuestion, path: Path, openable: Iterable[Path]) -> PivotQuestion:
    """A row without its children; `openable` are the rows on show that have some."""
    held = openable if question.open_paths is None else question.open_paths
    return _open(question, {other for other in held if other[: len(path)] != path})


def all_opened(question: PivotQuestion) -> PivotQuestion:
    """Every row with its children."""
    return replace(question, open_paths=None)


def all_closed(question: PivotQuestion) -> PivotQuestion:
    """Only the outermost rows."""
    return replace(question, open_paths=frozenset())


def is_open(question: PivotQuestion, path: Path) -> bool:
    """Whether the children of a row are on show."""
    return question.open_paths is None or path in question.open_paths


def _open(question: PivotQuestion, paths: Collection[Path]) -> PivotQuestion:
    return replace(question, open_paths=frozenset(paths))


def sorted_by(question: PivotQuestion, what: Literal["value", "name"]) -> PivotQuestion:
    """The next order of a head: values fall first, names rise first, the third step is the field's own."""
    first, second = (f"-{what}", what) if what == "value" else (what, f"-{what}")
    return replace(question, order={first: second, second: ""}.get(question.order, first))
