"""Figures of a metric: the question of an address, asked at the one door, in the contract of `isek query`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from flask import Response, request

from dashboard.api.answer import FORMAT, About, json_answer, refuse_too_long, table_answer, wanted_form
from dashboard.api.parameter import WHERE, Asked
from dashboard.api.problem import refused
from dashboard.api.tabular import Tabular, Type
from dashboard.contract import as_contract
from metrics.result import Cell, MetricResult

if TYPE_CHECKING:
    from dashboard.auth.viewer import Viewer
    from dashboard.services import Services
    from metrics.catalog import Metric

FIELDS = ("by", "from", "to", "at", WHERE, FORMAT)
FIGURES = (
    "value",
    "lower",
    "upper",
    "qualifier",
    "numerator",
    "denominator",
    "n",
    "known",
    "target",
    "rating",
)
_TYPES: dict[str, Type] = {"qualifier": "text", "n": "integer", "known": "integer", "rating": "text"}


def figure(services: Services, viewer: Viewer, metric_id: str) -> Response:
    """Answer one question. ConfigError and AccessError of the door are told as problems."""
    asked = Asked.read(request.args, FIELDS)
    form = wanted_form(asked)
    catalog = services.catalog_for(viewer, metric_id)
    metric = catalog.metric(metric_id)
    result = services.query(
        viewer,
        metric_id,
        by=asked.names("by"),
        between=_between(asked, services.snapshot().business_date),
        where=asked.where(),
        at=asked.day("at"),
    )
    refuse_too_long(len(result.rows))
    about = About(metric_id, result.snapshot, result.business_date, result.as_of, result.nature)
    if form == "json":
        return json_answer(as_contract(metric, result), about)
    return table_answer(table_of(metric, result), form, about)


def _between(asked: Asked, business_date: date) -> tuple[date, date] | None:
    first, last = asked.day("from"), asked.day("to")
    if first is None and last is None:
        return None
    if first is None:
        raise refused(422, "Ein Ende braucht einen Beginn.", "bad_window", next_step="„from“ ergänzen")
    return first, last or business_date


def table_of(metric: Metric, result: MetricResult) -> Tabular:
    """Return an answer as a table whose columns depend on the question only, never on what was found."""
    dimensions = tuple(name for name in result.by if name != "period")
    bucket = ("bucket",) if metric.definition.kind == "distribution" else ()
    names = ("period", *dimensions, *bucket, *FIGURES, "suppressed")
    columns = [(name, _type(name, metric, result)) for name in names]
    return Tabular(tuple(columns), [[_field(cell, name) for name in names] for cell in result.rows])


def _field(cell: Cell, name: str) -> Any:
    return cell.keys[name] if name in cell.keys else getattr(cell, name)


def _type(name: str, metric: Metric, result: MetricResult) -> Type:
    if name == "period":
        return "date"
    if name == "suppressed":
        return "boolean"
    if name not in FIGURES or name in _TYPES:
        return _TYPES.get(name, "text")
    is_float = any(isinstance(getattr(cell, name), float) for cell in result.rows)
    return "amount" if metric.definition.unit == "eur" and not is_float else "number"
