"""What a chart is: a drawing in both colour schemes, one sentence, and a table with the same values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from dashboard.theme import Palette, dark, light

Figure = dict[str, Any]
Draw = Callable[[Palette], Figure]
Align = Literal["left", "right"]
NARROW = 560


@dataclass(frozen=True, slots=True)
class Column:
    """Head of a table column; `unit` is shown behind the label in the head."""

    label: str
    align: Align = "left"
    unit: str = ""


@dataclass(frozen=True, slots=True)
class TableData:
    """A table of finished texts; the first column names the row. `total` is the last row, set apart.

    `links` are addresses by the text of the first column.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] | None = None
    links: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Spots:
    """Where rows of the table lie in the drawing: the axis and the place on it by the row's first cell.

    A place is the number of a category or an ISO day of a time axis.
    """

    axis: Literal["x", "y"]
    places: Mapping[str, int | str]


@dataclass(frozen=True, slots=True)
class Chart:
    """A finished chart. `height` in px; the width follows the card. `spots` find its rows in the drawing."""

    figure: Figure
    description: str
    table: TableData
    height: int
    spots: Spots | None = None


def in_order(axis: Literal["x", "y"], names: Sequence[str]) -> Spots:
    """Return the spots of rows that lie at 0, 1, 2, … of an axis of categories."""
    return Spots(axis, {name: place for place, name in enumerate(names)})


def on_days(days: Mapping[str, date]) -> Spots:
    """Return the spots of rows that lie on days of a time axis."""
    return Spots("x", {name: day.isoformat() for name, day in days.items()})


def linked(chart: Chart, links: Mapping[str, str]) -> Chart:
    """Return the chart whose rows lead to addresses by their first cell, in the table and in the drawing.

    `layout.meta.wege` then holds the axis and [place, address] in the order of places; drill.js reads it.
    """
    known = {row[0] for row in chart.table.rows}
    kept = {name: href for name, href in links.items() if name in known}
    table = replace(chart.table, links=kept)
    if chart.spots is None or not kept:
        return replace(chart, table=table)
    ways = [[place, kept.get(name, "")] for name, place in chart.spots.places.items()]
    shape = chart.figure["layout"]
    meta = {**(shape.get("meta") or {}), "wege": {"achse": chart.spots.axis, "orte": ways}}
    return replace(chart, figure={**chart.figure, "layout": {**shape, "meta": meta}}, table=table)


def columns(first: str, *numbers: str) -> tuple[Column, ...]:
    """Return the usual head: one text column, then columns of figures."""
    return (Column(first), *(Column(label, "right") for label in numbers))


def themed(
    draw: Draw,
    *,
    narrow: Mapping[str, Any] | None = None,
    below: int = NARROW,
    tiny: Mapping[str, Any] | None = None,
) -> Figure:
    """Draw in light colours and note what differs in the dark scheme and in a narrow card.

    `layout.meta` then holds lists of [path, value]: „dunkel“ (colours only, the geometry is equal) and
    „schmal“ (for example margins, keyed „xaxis.range“ below layout). portal.js applies them before drawing,
    „schmal“ where the drawing is narrower than `below` px, and then „eng“ (`tiny`) below 300 px.
    """
    figure = draw(light())
    figure["layout"]["meta"] = {
        "dunkel": differences(figure, draw(dark())),
        "schmal": _patches(narrow),
        "eng": _patches(tiny),
        "unter": below,
    }
    return figure


def _patches(changes: Mapping[str, Any] | None) -> list[list[Any]]:
    """Return [path, value]; keys lie below layout unless they begin with „data.“."""
    paths = {key: key if key.startswith("data.") else f"layout.{key}" for key in changes or {}}
    return [[_steps(paths[key]), value] for key, value in (changes or {}).items()]


def _steps(path: str) -> list[str | int]:
    return [int(step) if step.isdigit() else step for step in path.split(".")]


def differences(one: Any, other: Any, path: Sequence[str | int] = ()) -> list[list[Any]]:
    """Return [path, value of `other`] wherever two equally built structures differ."""
    if isinstance(one, dict):
        return [d for key in one for d in differences(one[key], other[key], (*path, key))]
    if isinstance(one, list):
        return [d for i, item in enumerate(one) for d in differences(item, other[i], (*path, i))]
    return [] if one == other else [[list(path), other]]
