"""What did it bring: one measured series with its means before and after the introduction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from dashboard import formats
from dashboard.figures.chart import Chart, Figure, TableData, columns, themed
from dashboard.figures.template import axis, curve, layout, line, note, year_axis
from dashboard.theme import Palette
from metrics.result import Number

Point = tuple[date, Number]


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """Monthly values of one measure; amounts in its unit, shares as fractions.

    The two means cover the months named by their spans (first, last) and are drawn over exactly these.
    """

    title: str
    points: Sequence[Point]
    introduced_on: date
    unit: str
    decimals: int = 0
    goal: Number | None = None
    before: tuple[date, date, Number] | None = None
    after: tuple[date, date, Number] | None = None


def small_multiple(
    data: BeforeAfter, *, height: int = 150, y_range: tuple[float, float] | None = None
) -> Chart:
    """Draw one cell; give the same `y_range` to cells of the same unit that stand side by side."""
    figure = themed(lambda palette: _draw(data, palette, height, y_range))
    return Chart(figure, _sentence(data), _table(data), height)


def value_range(data: BeforeAfter) -> tuple[float, float]:
    """Return lowest and highest value to show, goal included, with room for the labels."""
    values = [float(v) for _, v in data.points] + ([float(data.goal)] if data.goal is not None else [])
    if not values:
        return 0.0, 1.0
    low, high = min(values), max(values)
    room = (high - low) * 0.2 or abs(high) * 0.2 or 1.0
    return low - room, high + room


def _draw(data: BeforeAfter, palette: Palette, height: int, y_range: tuple[float, float] | None) -> Figure:
    low, high = y_range or value_range(data)
    days = [day for day, _ in data.points] or [data.introduced_on]
    shape = layout(palette, (0, 36, 4, 20), height)
    shape["xaxis"] = year_axis(palette, min(days), max(days) + timedelta(days=27))
    shape["yaxis"] = axis(palette, range=[low, high], showticklabels=False)
    at = data.introduced_on.isoformat()
    shape["shapes"] = [line((at, at), (0, 1), palette["vj"], width=1.5, yref="paper", layer="below")]
    shape["annotations"] = _notes(data, palette, (low + high) / 2)
    return {"data": _traces(data, palette), "layout": shape}


def _traces(data: BeforeAfter, palette: Palette) -> list[dict[str, Any]]:
    old = [p for p in data.points if p[0] < data.introduced_on]
    new = [p for p in data.points if p[0] >= data.introduced_on]
    traces = [
        curve(*_xy(old), line={"color": palette["vj"], "width": 1.25}),
        curve(*_xy([*old[-1:], *new]), line={"color": palette["mittel"], "width": 1.25}),
    ]
    if data.goal is not None and data.points:
        ends = [(data.points[0][0], data.goal), (data.points[-1][0], data.goal)]
        traces.append(curve(*_xy(ends), line={"color": palette["plan"], "width": 1.25, "dash": "9px,7px"}))
    for mean, token in ((data.before, "text2"), (data.after, "ist")):
        if mean:
            ends = [(mean[0], mean[2]), (mean[1], mean[2])]
            traces.append(curve(*_xy(ends), line={"color": palette[token], "width": 3}))
    return traces


def _xy(points: Sequence[Point]) -> tuple[list[str], list[float]]:
    return [day.isoformat() for day, _ in points], [float(value) for _, value in points]


def _bare(data: BeforeAfter, value: Number) -> str:
    return formats.parts(value, data.unit, data.decimals)[0]


def _notes(data: BeforeAfter, palette: Palette, middle: float) -> list[dict[str, Any]]:
    notes = []
    if data.before:
        first, last, value = data.before
        text, day = _bare(data, value), first + (last - first) / 3
        below = float(value) < middle
        notes.append(
            note(text, day.isoformat(), float(value), palette["text2"], size=13, yshift=-11 if below else 11)
        )
    if data.after:
        _, last, value = data.after
        place: dict[str, Any] = {"xanchor": "left", "xshift": 6, "size": 14, "weight": 600}
        notes.append(note(_bare(data, value), last.isoformat(), float(value), palette["ist"], **place))
    if data.goal is not None and data.points:
        goal = float(data.goal)
        shift = 9 if goal > middle else -9
        text = f"Ziel {_bare(data, goal)}"
        notes.append(
            note(text, data.points[0][0].isoformat(), goal, palette["text2"], xanchor="left", yshift=shift)
        )
    return notes


def _sentence(data: BeforeAfter) -> str:
    parts = []
    if data.before:
        parts.append(f"Mittel vorher {formats.amount(data.before[2], data.unit, data.decimals)}")
    if data.after:
        parts.append(f"Mittel zuletzt {formats.amount(data.after[2], data.unit, data.decimals)}")
    if data.goal is not None:
        parts.append(f"Ziel {formats.amount(data.goal, data.unit, data.decimals)}")
    tail = f" {', '.join(parts)}." if parts else ""
    return f"Liniendiagramm {data.title}, Einführung {formats.month(data.introduced_on)}.{tail}"


def _table(data: BeforeAfter) -> TableData:
    decimals = data.decimals
    rows = tuple(
        (formats.month(day), formats.amount(value, data.unit, decimals)) for day, value in data.points
    )
    means = [
        (
            f"Mittel {word}, {formats.month(m[0])}–{formats.month(m[1])}",
            formats.amount(m[2], data.unit, decimals),
        )
        for word, m in (("vorher", data.before), ("zuletzt", data.after))
        if m
    ]
    goal = [("Ziel", formats.amount(data.goal, data.unit, decimals))] if data.goal is not None else []
    return TableData(data.title, columns("Monat", "Wert"), (*rows, *means, *goal))
