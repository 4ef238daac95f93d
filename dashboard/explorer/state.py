"""The address of the explorer: everything a question says is in it, and nothing else.

Names in the address are German and stable, because people keep links. What it cannot say is refused with a
sentence; names the explorer does not know at all are left alone, as on every page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from dashboard.explorer.notation import (
    MARK,
    PART,
    STEP,
    checked_text,
    write_condition,
    write_path,
    write_value,
)
from dashboard.explorer.parameter import (
    AGAINST,
    CELL,
    CHART,
    CHARTS,
    CHOICE,
    COLUMN_CHOICE,
    COLUMNS,
    COMPARED,
    DATA,
    EVERY,
    EVERY_COLUMN,
    EXPLORER,
    FILTER,
    FIRST,
    LAST,
    MEMBER,
    OFF,
    OPEN,
    ORDER,
    ORDERS,
    PAGE,
    ROWS,
    SAVED,
    SEARCH,
    SHOW,
    SHOWN,
    SORTING,
    STICHTAG,
    TOP,
    VALUES,
    VIEW,
    VIEWS,
    WARMTH,
    View,
    measure_text,
    word_of,
)
from dashboard.explorer.reading import (
    LAST_PAGE,
    LONGEST_WORDS,
    CellPlace,
    one_of,
    read_cell,
    read_dataset,
    read_question,
    read_saved,
    read_sorting,
    whole,
)
from dashboard.page import LONGEST_SEARCH
from metrics.explore.question import Filter, Path, PivotQuestion

if TYPE_CHECKING:
    from metrics.catalog import Catalog


@dataclass(frozen=True, slots=True)
class State:
    """A question and how it is looked at.

    cell: row path, column path and number of the measure of the chosen cell. page, search: of the list below
    the pivot or of the view „Liste“; sorting („-amount_eur“), every_column: of that view. view_id: the saved
    view the address began as.
    """

    question: PivotQuestion
    view: View = "pivot"
    chart: str = ""
    warm: bool = True
    cell: CellPlace | None = None
    page: int = 1
    search: str = ""
    view_id: str = ""
    sorting: str = ""
    every_column: bool = False


def read_state(params: Mapping[str, str], catalog: Catalog, today: date) -> State:
    """Read an address; without parameters the opening question.

    Raises ConfigError with a German sentence for whatever cannot be read or is no longer there, and nothing
    else.
    """
    data = read_dataset(params, catalog)
    question = read_question(params, data, today)
    return State(
        question=question,
        view=one_of(params, VIEW, VIEWS, "pivot"),
        chart=one_of(params, CHART, {name: name for name in CHARTS if name}, ""),
        warm=one_of(params, WARMTH, {"an": True, OFF: False}, True),
        cell=read_cell(params, question),
        page=whole(params, PAGE, LAST_PAGE) if PAGE in params else 1,
        search=checked_text(SEARCH, params.get(SEARCH, "")[:LONGEST_WORDS]),
        view_id=read_saved(params),
        sorting=read_sorting(params),
        every_column=params.get(COLUMN_CHOICE) == EVERY_COLUMN,
    )


def params_of(state: State) -> dict[str, str]:
    """Return the address as parameters: data set and values always, the rest where it is not usual."""
    question = state.question
    return {name: text for name, text in (*_asked_params(question), *_seen_params(state)) if text}


def href(state: State, **changes: Any) -> str:
    """Address of the state after changes of it or of its question; opened rows give way to its length."""
    new = changed(state, **changes)
    whole = _address(new)
    if len(whole) <= LONGEST_SEARCH:
        return whole
    return _address(replace(new, cell=None, question=replace(new.question, open_paths=frozenset())))


def changed(state: State, **changes: Any) -> State:
    """The state after changes, named like the fields of State and PivotQuestion.

    What no longer fits is left out: the chosen cell of another question, rows opened under other fields.
    """
    own = {item.name for item in fields(State)}
    asked = {name: value for name, value in changes.items() if name not in own}
    seen = {name: value for name, value in changes.items() if name in own}
    question = canonical(replace(state.question, **asked)) if asked else state.question
    if question.rows != state.question.rows and "open_paths" not in asked:
        question = replace(question, open_paths=_still_open(state.question, question))
    keeps_cell = set(asked) <= {"open_paths", "order"}
    return replace(
        state, **{"page": 1, "cell": state.cell if keeps_cell else None, "question": question, **seen}
    )


def canonical(question: PivotQuestion) -> PivotQuestion:
    """The same question with its conditions in the order of an address."""
    ordered = tuple(sorted(question.filters, key=lambda condition: condition.name))
    return question if ordered == question.filters else replace(question, filters=ordered)


def _address(state: State) -> str:
    return f"{EXPLORER}?{urlencode(params_of(state), safe=':,;~!*')}"


def _still_open(before: PivotQuestion, after: PivotQuestion) -> frozenset[Path] | None:
    if before.open_paths is None:
        return None
    same = 0
    for one, other in zip(before.rows, after.rows, strict=False):
        if one != other:
            break
        same += 1
    return frozenset(path for path in before.open_paths if len(path) <= same)


def _asked_params(question: PivotQuestion) -> Iterator[tuple[str, str]]:
    yield DATA, question.dataset
    yield VALUES, STEP.join(measure_text(measure) for measure in question.measures)
    yield ROWS, STEP.join(question.rows)
    yield COLUMNS, STEP.join(question.columns)
    yield from _filter_params(question.filters)
    yield from ((f"{CHOICE}{name}", write_value(value)) for name, value in sorted(question.choose.items()))
    if question.between:
        yield from zip((FIRST, LAST), (day.isoformat() for day in question.between), strict=True)
    yield STICHTAG, question.at.isoformat() if question.at else ""
    yield SHOW, "" if question.show == "value" else word_of(SHOWN, question.show)
    yield AGAINST, _against_text(question)
    yield TOP, f"{'-' if question.top.smallest else ''}{question.top.n}" if question.top else ""
    yield ORDER, word_of(ORDERS, question.order) if question.order else ""
    yield OPEN, _open_text(question.open_paths)


def _seen_params(state: State) -> Iterator[tuple[str, str]]:
    yield VIEW, "" if state.view == "pivot" else state.view
    yield CHART, state.chart
    yield WARMTH, "" if state.warm else OFF
    if state.cell:
        row, column, measure = state.cell
        yield CELL, PART.join((write_path(row), write_path(column), str(measure)))
    yield PAGE, str(state.page) if state.page > 1 else ""
    yield SEARCH, state.search
    yield SORTING, state.sorting
    yield COLUMN_CHOICE, EVERY_COLUMN if state.every_column else ""
    yield SAVED, state.view_id


def _filter_params(filters: Iterable[Filter]) -> Iterator[tuple[str, str]]:
    found: dict[str, list[str]] = {}
    for condition in filters:
        found.setdefault(condition.name, []).append(write_condition(condition))
    return ((f"{FILTER}{name}", PART.join(texts)) for name, texts in sorted(found.items()))


def _against_text(question: PivotQuestion) -> str:
    if question.against == "member":
        return f"{MEMBER}{MARK}{write_value(question.against_member)}"
    return word_of(COMPARED, question.against) if question.against else ""


def _open_text(paths: frozenset[Path] | None) -> str:
    if paths is None:
        return EVERY
    return STEP.join(sorted(write_path(path) for path in paths))
