"""A course in the unit of its metric: Ist, the target path, and a forecast with its band."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from dashboard import formats
from dashboard.figures.amounts import Amounts, span, ticks
from dashboard.figures.chart import Chart, Column, Figure, TableData, on_days, themed
from dashboard.figures.s_curve import Forecast, soll_at
from dashboard.figures.template import axis, curve, layout, note, year_axis
from dashboard.theme import Palette
from metrics.result import Number

Point = tuple[date, Number]


@dataclass(frozen=True, slots=True)
class Course:
    """Values over time, gaps as None; `soll` may run on beyond today."""

    ist: Sequence[tuple[date, Number | None]]
    soll: Sequence[Point] = ()
    forecast: Forecast | None = None

    @property
    def known(self) -> list[Point]:
        """The months with a value."""
        return [(day, value) for day, value in self.ist if value is not None]


def value_line(course: Course, amounts: Amounts, *, caption: str, height: int = 240) -> Chart:
    """Line from zero; without target or forecast their lines are left out."""
    figure = themed(
        lambda palette: _draw(course, amounts, palette, height), narrow={"margin.l": 44}, below=400
    )
    spots = on_days({formats.day(day): day for day, _ in course.ist})
    return Chart(figure, _sentence(course, amounts), _table(course, amounts, caption), height, spots)


def _draw(course: Course, amounts: Amounts, palette: Palette, height: int) -> Figure:
    low, high = span([value for _, value in _all(course)])
    first, last = _ends(course)
    shape = layout(palette, (48, 76, 14, 24), height)
    shape["xaxis"] = year_axis(palette, first, last + timedelta(days=10))
    steps = ticks(high * 1.05)
    shape["yaxis"] = axis(
        palette,
        range=[low * 1.1, (high or 1) * 1.14],
        tickvals=steps,
        ticktext=[f"{amounts.tick(v)} " for v in steps],
        showgrid=True,
        gridcolor=palette["raster"],
        layer="below traces",
    )
    shape["annotations"] = _notes(course, amounts, palette)
    return {"data": _traces(course, palette), "layout": shape}


def _all(course: Course) -> list[tuple[date, Number | None]]:
    ahead = (
        []
        if course.forecast is None
        else [(course.forecast.on, course.forecast.high or course.forecast.value)]
    )
    return [*course.ist, *course.soll, *ahead]


def _ends(course: Course) -> tuple[date, date]:
    days = [day for day, _ in _all(course)]
    return min(days), max(days)


def _traces(course: Course, palette: Palette) -> list[dict[str, Any]]:
    traces = []
    if course.forecast and course.known:
        traces += _ahead(course.forecast, course.known[-1], palette)
    if course.soll:
        dashed = {"color": palette["plan"], "width": 1.5, "dash": "9px,7px"}
        traces.append(curve(*_xy(course.soll), line=dashed))
    days = [day.isoformat() for day, _ in course.ist]
    values = [None if value is None else float(value) for _, value in course.ist]
    traces.append(curve(days, values, line={"color": palette["ist"], "width": 3}, connectgaps=False))
    if course.known:
        look = {"size": 10, "color": palette["ist"], "line": {"color": palette["flaeche"], "width": 2}}
        traces.append(curve(*_xy(course.known[-1:]), mode="markers", marker=look))
    return traces


def _ahead(forecast: Forecast, today: Point, palette: Palette) -> list[dict[str, Any]]:
    traces = []
    if forecast.low is not None and forecast.high is not None:
        corners = [today, (forecast.on, forecast.high), (forecast.on, forecast.low), today]
        traces.append(curve(*_xy(corners), fill="toself", fillcolor=palette["band"], line={"width": 0}))
    dotted = {"color": palette["ist"], "width": 2.25, "dash": "3px,3px"}
    traces.append(curve(*_xy([today, (forecast.on, forecast.value)]), line=dotted))
    return traces


def _xy(points: Sequence[Point]) -> tuple[list[str], list[float]]:
    return [day.isoformat() for day, _ in points], [float(value) for _, value in points]


def _notes(course: Course, amounts: Amounts, palette: Palette) -> list[dict[str, Any]]:
    """Names at the ends of the lines, kept apart where the lines meet."""
    ends: list[tuple[str, Point, str]] = []
    if course.known:
        ends.append((f"Ist {amounts.bare(course.known[-1][1])}", course.known[-1], "ist"))
    if course.soll:
        ends.append((f"Soll {amounts.bare(course.soll[-1][1])}", course.soll[-1], "text"))
    if course.forecast:
        value = (course.forecast.on, course.forecast.value)
        ends.append((f"Prognose {amounts.bare(value[1])}", value, "ist"))
    _, high = span([value for _, value in _all(course)])
    return [
        note(
            text, point[0].isoformat(), float(point[1]), palette[ink], xanchor="left", xshift=8,
            weight=600 if ink == "ist" else 400, yshift=_shift(index, ends, course, high),
        )
        for index, (text, point, ink) in enumerate(ends)
    ]  # fmt: skip


def _shift(index: int, ends: Sequence[tuple[str, Point, str]], course: Course, high: float) -> int:
    """Words move away from another line or from words they would meet: within a twelfth of the height."""
    day, value = ends[index][1]
    own = float(value)
    others = [float(p[1]) for i, (_, p, _) in enumerate(ends) if i != index]
    soll = soll_at(course.soll, day)
    if ends[index][2] == "ist" and soll is not None:
        others.append(float(soll))
    near = [other for other in others if abs(other - own) < (high or 1) / 12]
    if not near:
        return 0
    above = own > near[0] or (own == near[0] and index == 0)
    return 11 if above else -11


def _sentence(course: Course, amounts: Amounts) -> str:
    if not course.known:
        return "Liniendiagramm ohne Werte."
    first, last = course.known[0], course.known[-1]
    parts = [f"Ist {formats.month(last[0])} {amounts.full(last[1])}"]
    soll = soll_at(course.soll, last[0])
    if soll is not None:
        parts.append(f"Soll {amounts.full(soll)}")
    if course.forecast:
        parts.append(f"Prognose {formats.month(course.forecast.on)} {amounts.full(course.forecast.value)}")
    return f"Liniendiagramm, {formats.month(first[0])} bis {formats.month(last[0])}. {', '.join(parts)}."


def _table(course: Course, amounts: Amounts, caption: str) -> TableData:
    ist, soll = dict(course.ist), dict(course.soll)
    ahead = {course.forecast.on: _with_band(course.forecast, amounts)} if course.forecast else {}
    heads = [Column("Stand"), Column("Ist", "right")]
    heads += [Column("Soll", "right")] if soll else []
    heads += [Column("Prognose", "right")] if ahead else []
    rows = []
    for day in sorted({*ist, *soll, *ahead}):
        cells = [formats.day(day), amounts.full(ist.get(day))]
        cells += [amounts.full(soll.get(day))] if soll else []
        cells += [ahead.get(day, formats.MISSING)] if ahead else []
        rows.append(tuple(cells))
    return TableData(caption, tuple(heads), tuple(rows))


def _with_band(forecast: Forecast, amounts: Amounts) -> str:
    value = amounts.full(forecast.value)
    if forecast.low is None or forecast.high is None or forecast.low == forecast.high:
        return value
    return f"{value} ({amounts.full(forecast.low)} bis {amounts.full(forecast.high)})"
