"""Questions of the explorer for programs: its address, answered as one row for each cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import Response, request

from dashboard.api.answer import FORMAT, About, json_answer, refuse_too_long, table_answer, wanted_form
from dashboard.api.parameter import Asked, bad
from dashboard.api.problem import Problem, RefusedError
from dashboard.api.tabular import Tabular, Type
from dashboard.contract import plain_number
from dashboard.explorer import parameter
from dashboard.explorer.state import read_state
from metrics.result import Number
from warehouse.errors import ConfigError

if TYPE_CHECKING:
    from dashboard.auth.viewer import Viewer
    from dashboard.services import Services
    from metrics.explore.question import PivotQuestion
    from metrics.explore.result import MeasureInfo, Pivot, PivotCell

ASKED = (
    parameter.DATA,
    parameter.VALUES,
    parameter.ROWS,
    parameter.COLUMNS,
    parameter.FIRST,
    parameter.LAST,
    parameter.STICHTAG,
    parameter.SHOW,
    parameter.AGAINST,
    parameter.TOP,
    parameter.ORDER,
    parameter.FILTER,
    parameter.CHOICE,
)
LONGEST_CONDITION = 3000
PART_OF_ADDRESS = "Angabe "
FIGURES = ("value", "shown", "base", "numerator", "denominator", "lower", "upper")
TEXTS = ("state", "qualifier", "reason")


def exploration(services: Services, viewer: Viewer) -> Response:
    """Answer the question of an address of the explorer; totals are those of a question with fewer fields."""
    asked = Asked.read(request.args, (*ASKED, FORMAT), longest=LONGEST_CONDITION)
    form = wanted_form(asked)
    try:
        pivot = services.explore(viewer, _question(services, asked))
    except ConfigError as error:
        # All of them speak about the question; `where` names the part of the address.
        place = f"{error.where}: " if (error.where or "").startswith(PART_OF_ADDRESS) else ""
        found = None if error.found is None else str(error.found)
        problem = Problem(422, f"{place}{error.what}.", error.code, found, error.allowed, error.next_step)
        raise RefusedError(problem) from None
    refuse_too_long(len(pivot.cells))
    about = About("auswertung", pivot.snapshot, pivot.business_date, pivot.as_of, pivot.nature)
    return (
        json_answer(_body(pivot, about), about)
        if form == "json"
        else table_answer(_table(pivot), form, about)
    )


def _question(services: Services, asked: Asked) -> PivotQuestion:
    params = {name: asked.one(name) or "" for name in asked.fields if name != FORMAT}
    for name in (name for name, text in params.items() if not text):
        raise bad(name, "Diese Angabe ist leer.", "", "einen Wert nennen oder die Angabe weglassen")
    if parameter.DATA not in params:
        raise bad(parameter.DATA, "Diese Angabe fehlt.", None, "wie in der Adresse des Explorers")
    state = read_state(params, services.catalog, services.snapshot().business_date)
    # Every row is wanted: what is open on a screen is no part of the question.
    return replace(state.question, open_paths=None)


def _cells(pivot: Pivot) -> Iterator[tuple[tuple[str | None, ...], MeasureInfo, PivotCell]]:
    """The cells of the innermost rows and columns: their values outermost first, measure, figure."""
    deep, wide = len(pivot.question.rows), len(pivot.question.columns)
    rows = [head.path for head in pivot.rows if head.level == deep]
    columns = [head.path for head in pivot.columns if head.level == wide]
    for row in rows:
        for column in columns:
            for number, info in enumerate(pivot.measures):
                yield (*row, *column), info, pivot.cell(row, column, number)


def _name(info: MeasureInfo) -> str:
    measure = info.measure
    return measure.subject if measure.part == "value" else f"{measure.subject}.{measure.part}"


def _body(pivot: Pivot, about: About) -> dict[str, Any]:
    fields = (*pivot.question.rows, *pivot.question.columns)
    return {
        "dataset": pivot.question.dataset,
        "snapshot": about.snapshot,
        "business_date": about.business_date,
        "as_of": about.as_of,
        "nature": about.nature,
        "stale_sources": list(pivot.stale_sources),
        "notes": list(pivot.notes),
        "hidden_rows": pivot.hidden_rows,
        "fields": list(fields),
        "measures": [{"name": _name(i), "label": i.label, "unit": i.unit} for i in pivot.measures],
        "rows": [
            {
                "keys": dict(zip(fields, keys, strict=True)),
                "measure": _name(info),
                **{name: plain_number(getattr(cell, name), info.unit) for name in FIGURES},
                **{name: getattr(cell, name) or None for name in TEXTS},
            }
            for keys, info, cell in _cells(pivot)
        ],
    }


def _table(pivot: Pivot) -> Tabular:
    fields = (*pivot.question.rows, *pivot.question.columns)
    found = list(_cells(pivot))
    figures: list[tuple[str, Type]] = [(name, _type(getattr(c, name) for *_, c in found)) for name in FIGURES]
    texts: list[tuple[str, Type]] = [(name, "text") for name in (*fields, "measure")]
    last: list[tuple[str, Type]] = [(name, "text") for name in TEXTS]
    rows = [
        [*keys, _name(info), *(getattr(cell, name) for name in FIGURES),
         *(getattr(cell, name) or None for name in TEXTS)]
        for keys, info, cell in found
    ]  # fmt: skip
    return Tabular((*texts, *figures, *last), rows)


def _type(values: Iterator[Number | None]) -> Type:
    """Amounts stay exact unless other figures stand in the same column."""
    kinds = {type(value).__name__ for value in values if value is not None}
    return "amount" if kinds == {"Decimal"} else "number"
