"""Rows of a chart's table that lead into the drill path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from dashboard.drill_link import drill_address
from dashboard.figures.chart import Chart


def drilling(
    chart: Chart,
    metric_id: str,
    dimension: str,
    *,
    where: Mapping[str, str] | None = None,
    at: date | None = None,
    names: Mapping[str, str] | None = None,
) -> Chart:
    """Return the chart with the rows of its table leading to the cut they show.

    `names` are the words of the first column by value; without them the words are the values.
    """
    values = {words: value for value, words in names.items()} if names is not None else None
    links = {}
    for row in chart.table.rows:
        value = row[0] if values is None else values.get(row[0])
        if value is not None:
            links[row[0]] = drill_address(metric_id, {**(where or {}), dimension: value}, at=at)
    return replace(chart, table=replace(chart.table, links=links))
