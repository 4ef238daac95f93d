"""Rows of a chart or table that lead into the drill path, and the drawing that leads where its rows do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from dash import html

from dashboard.components.address import origin_day, origin_question, params_of
from dashboard.components.table import Cell
from dashboard.drill_link import Where, drill_address, record_address
from dashboard.figures.chart import Chart, linked
from metrics.question import period_end

Cut = Mapping[str, str]


def drilling(
    chart: Chart,
    metric_id: str,
    dimension: str,
    *,
    where: Cut | None = None,
    at: date | None = None,
    names: Cut | None = None,
) -> Chart:
    """Return the chart with the rows of its table leading to the cut they show.

    `names` are the words of the first column by value; without them the words are the values.
    """
    rows = [row[0] for row in chart.table.rows]
    values = (
        {name: name for name in rows} if names is None else {name: value for value, name in names.items()}
    )
    return linked(chart, drills(metric_id, dimension, values, where=where, at=at))


def drills(
    metric_id: str,
    dimension: str,
    values: Mapping[str, str | None],
    *,
    where: Cut | None = None,
    at: date | None = None,
) -> dict[str, str]:
    """Return the address of the breakdown for each name, whose value of the dimension `values` holds."""
    rest: Where = {name: value for name, value in (where or {}).items() if name != dimension}
    return {
        name: drill_address(metric_id, {**rest, dimension: value}, at=at) for name, value in values.items()
    }


def drilling_days(chart: Chart, metric_id: str, today: date, *, where: Cut | None = None) -> Chart:
    """Return the chart over time whose rows lead to the same figure on the last day of their month."""
    places = chart.spots.places if chart.spots else {}
    days = {name: min(_month_end(place), today) for name, place in places.items() if isinstance(place, str)}
    links = {
        name: drill_address(metric_id, where, at=None if day == today else day) for name, day in days.items()
    }
    return linked(chart, links)


def _month_end(day: str) -> date:
    return period_end(date.fromisoformat(day).replace(day=1), "month")


def opening(chart: Chart, list_id: str, keys: Sequence[tuple[str, Sequence[object]]]) -> Chart:
    """Return the chart whose rows open the record they show: first cell and key of each."""
    found = {name: record_address(list_id, key) for name, key in keys}
    return linked(chart, {name: href for name, href in found.items() if href})


def breakdown_of(origin_href: str | None) -> str | None:
    """Return the address of the breakdown of the figure an origin link asks about; None without one."""
    params = params_of(origin_href or "")
    asked = origin_question(params)
    return None if asked is None else drill_address(asked[0], asked[1], at=origin_day(params))


def leading_cell(words: str, href: str | None) -> Cell:
    """First cell of a row of components: a link where the row leads somewhere."""
    return html.A(words, href=href, className="row-link") if href else words


def record_cell(words: str, list_id: str, *key: Any) -> Cell:
    """First cell of a row that is a record of a list."""
    return leading_cell(words, record_address(list_id, key))
