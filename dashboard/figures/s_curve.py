"""Will the goal be reached in time: Ist, Soll and Prognose as curves with the gap of today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from dashboard import formats
from dashboard.figures.chart import Chart, Figure, TableData, columns, on_days, themed
from dashboard.figures.template import axis, curve, layout, line, note, safe, year_axis
from dashboard.theme import HELL, Palette
from metrics.result import Number, Rating

Point = tuple[date, Number]


@dataclass(frozen=True, slots=True)
class Forecast:
    """Expected value on a day with its band."""

    on: date
    value: Number
    low: Number | None = None
    high: Number | None = None


@dataclass(frozen=True, slots=True)
class SCurve:
    """Shares (fractions) over time.

    `ist` ends today; `soll` runs on to the goal. The three notes are printed at the points of today:
    („Rückstand 89“, „Soll 701 (45,0 %)“, „Ist 612“). `events` are (day, two-line text).
    """

    ist: Sequence[Point]
    soll: Sequence[Point] = ()
    forecast: Forecast | None = None
    gap_note: str = ""
    soll_note: str = ""
    ist_note: str = ""
    rating: Rating = "neu"
    events: Sequence[tuple[date, str]] = ()
    measure: str = "Anteil"


def s_curve(data: SCurve, *, height: int = 240) -> Chart:
    """Draw the curve. Without Soll or Prognose the lines and labels about them are left out."""
    figure = themed(lambda palette: _draw(data, palette, height), narrow=_narrow(data), below=400)
    spots = on_days({formats.day(day): day for day, _ in data.ist})
    return Chart(figure, _sentence(data), _table(data), height, spots)


def _narrow(data: SCurve) -> dict[str, Any]:
    """On a phone there is room for „Ist 612“ beside the point, the share stands in the table."""
    changes: dict[str, Any] = {"margin.l": 40}
    if data.ist and data.ist_note:
        changes[f"annotations.{len(data.events)}.text"] = f"<b>{data.ist_note}</b>"
    if data.forecast and data.ist_note and not _is_low(data):
        changes[f"annotations.{len(data.events)}.yshift"] = -26
        changes[f"annotations.{len(_notes(data, HELL)) - 1}.yshift"] = -9
    return changes


def _draw(data: SCurve, palette: Palette, height: int) -> Figure:
    first, last = span_of(data)
    top = _top(data)
    shape = layout(palette, (42, 12, 14, 24), height)
    shape["xaxis"] = year_axis(palette, first, last)
    ticks = _ticks(top)
    shape["yaxis"] = axis(
        palette,
        range=[0, top],
        tickvals=ticks,
        ticktext=[formats.percent(v, 0) + " " for v in ticks],
        showgrid=True,
        gridcolor=palette["raster"],
        layer="below traces",
    )
    shape["annotations"] = _notes(data, palette)
    shape["shapes"] = [_event_line(day, palette, top) for day, _ in data.events]
    return {"data": _traces(data, palette), "layout": shape}


def _ticks(top: float) -> list[float]:
    step = next(s for s in (0.05, 0.1, 0.25, 0.5, 1.0, 5.0) if top / s <= 4.5)
    return [round(step * i, 2) for i in range(int(top / step) + 1)]


def _top(data: SCurve) -> float:
    return max(0.1, float(max(value for _, value in _all_points(data)))) * 1.12


def _all_points(data: SCurve) -> list[Point]:
    extra = [(data.forecast.on, data.forecast.high or data.forecast.value)] if data.forecast else []
    return [*data.ist, *data.soll, *extra]


def span_of(data: SCurve) -> tuple[date, date]:
    """First and last day of the time axis."""
    days = [day for day, _ in _all_points(data)]
    return min(days), max(days) + timedelta(days=60)


def _traces(data: SCurve, palette: Palette) -> list[dict[str, Any]]:
    traces: list[dict[str, Any]] = []
    today = data.ist[-1] if data.ist else None
    if data.forecast and today:
        traces += _forecast(data.forecast, today, palette)
    if data.soll:
        traces.append(
            curve(*_xy(data.soll), line={"color": palette["plan"], "width": 1.5, "dash": "9px,7px"})
        )
    traces.append(curve(*_xy(data.ist), line={"color": palette["ist"], "width": 3}))
    return [*traces, *_marks(data, palette)]


def _xy(points: Sequence[Point]) -> tuple[list[str], list[float]]:
    return [day.isoformat() for day, _ in points], [float(value) for _, value in points]


def _forecast(forecast: Forecast, today: Point, palette: Palette) -> list[dict[str, Any]]:
    traces = []
    if forecast.low is not None and forecast.high is not None:
        corners = [today, (forecast.on, forecast.high), (forecast.on, forecast.low), today]
        traces.append(curve(*_xy(corners), fill="toself", fillcolor=palette["band"], line={"width": 0}))
    ends = [today, (forecast.on, forecast.value)]
    traces.append(curve(*_xy(ends), line={"color": palette["ist"], "width": 2.25, "dash": "3px,3px"}))
    return traces


def _marks(data: SCurve, palette: Palette) -> list[dict[str, Any]]:
    """Points of today with the connector between them, and the goal as open diamond."""
    marks: list[dict[str, Any]] = []
    if not data.ist:
        return marks
    today, soll = data.ist[-1], soll_at(data.soll, data.ist[-1][0])
    if soll is not None:
        color = palette[data.rating] if data.rating in ("warn", "krit") else palette["plan"]
        marks.append(curve(*_xy([today, (today[0], soll)]), line={"color": color, "width": 2}))
        marks.append(_mark((today[0], soll), palette["flaeche"], palette["plan"], 9))
    marks.append(_mark(today, palette["ist"], palette["flaeche"], 10))
    if data.soll and data.soll[-1][0] > today[0]:
        marks.append(_mark(data.soll[-1], palette["flaeche"], palette["plan"], 10, "diamond"))
    return marks


def _mark(point: Point, fill: str, stroke: str, size: int, symbol: str = "circle") -> dict[str, Any]:
    marker = {"symbol": symbol, "size": size, "color": fill, "line": {"color": stroke, "width": 2}}
    return curve(*_xy([point]), mode="markers", marker=marker)


def soll_at(path: Sequence[Point], on: date) -> Number | None:
    """Return the Soll of a day, linear between the points; None outside the path."""
    for (day, value), (next_day, next_value) in pairwise(path):
        if day <= on <= next_day:
            part = (on - day).days / max(1, (next_day - day).days)
            return float(value) + (float(next_value) - float(value)) * part
    return path[-1][1] if path and on == path[-1][0] else None


def _notes(data: SCurve, palette: Palette) -> list[dict[str, Any]]:
    notes = [_event_note(data, day, text, palette) for day, text in data.events]
    if data.ist:
        notes += _today_notes(data, palette)
    if data.soll and data.ist and data.soll[-1][0] > data.ist[-1][0]:
        day, value = data.soll[-1]
        text = f"Ziel {formats.percent(value, 0)}"
        place = {"xanchor": "right", "xshift": 16, "yshift": 16}
        notes.append(note(text, day.isoformat(), float(value), palette["text"], **place))
    if data.forecast:
        text = f"Prognose {formats.percent(data.forecast.value, 0)}"
        notes.append(_forecast_note(data, data.forecast, text, palette))
    return notes


def _today_notes(data: SCurve, palette: Palette) -> list[dict[str, Any]]:
    day, value = data.ist[-1][0].isoformat(), float(data.ist[-1][1])
    notes = []
    if data.ist_note:
        text = f"<b>{data.ist_note}</b> ({formats.percent(value)})"
        place: dict[str, Any] = {
            "xanchor": "left",
            "yanchor": "top",
            "xshift": 6,
            "yshift": -17 if data.forecast else -8,
        }
        at = day
        if _is_low(data):
            place = {"xanchor": "right", "yanchor": "bottom", "xshift": -8, "yshift": 4}
        elif data.forecast and _is_late(data, data.forecast):
            # No room between today and the end of the axis: both notes end with the curve.
            at, place = data.forecast.on.isoformat(), place | {"xanchor": "right", "xshift": 12}
        notes.append(note(text, at, value, palette["ist"], **place))
    soll = soll_at(data.soll, data.ist[-1][0])
    if soll is not None and data.soll_note:
        color = palette[data.rating] if data.rating in ("warn", "krit") else palette["text"]
        place = {"xanchor": "right", "xshift": -11}
        notes.append(note(data.soll_note, day, float(soll), palette["text"], yshift=8, **place))
        if data.gap_note:
            notes.append(note(data.gap_note, day, float(soll), color, weight=600, yshift=24, **place))
    return notes


def _forecast_note(data: SCurve, forecast: Forecast, text: str, palette: Palette) -> dict[str, Any]:
    """Beside the point of today and below the line, however flat it runs; the Ist stands one line lower."""
    day = forecast.on.isoformat()
    if _is_low(data):
        highest = float(forecast.high if forecast.high is not None else forecast.value)
        place: dict[str, Any] = {"xanchor": "right", "yanchor": "bottom", "xshift": 12, "yshift": 2}
        return note(text, day, highest, palette["ist"], weight=600, **place)
    level = float(data.ist[-1][1]) if data.ist else 0.0
    place = {"xanchor": "right", "yanchor": "top", "xshift": 12}
    return note(text, day, level, palette["ist"], weight=600, **place)


def _is_late(data: SCurve, forecast: Forecast) -> bool:
    """Whether less than a quarter of the axis is left for words behind the point of today."""
    first, today = data.ist[0][0], data.ist[-1][0]
    return (forecast.on - today).days < 0.25 * (forecast.on - first).days


def _is_low(data: SCurve) -> bool:
    """Whether there is no room for words between the curve of today and the axis."""
    return bool(data.ist) and float(data.ist[-1][1]) < 0.24 * _top(data)


def _event_line(day: date, palette: Palette, top: float) -> dict[str, Any]:
    at = day.isoformat()
    return line((at, at), (0, top * 0.42), palette["rahmen"], width=1, dash="3px,3px", layer="below")


def _event_note(data: SCurve, day: date, text: str, palette: Palette) -> dict[str, Any]:
    shown = safe(text).replace("\n", "<br>")
    place = {"xanchor": "left", "yanchor": "top", "align": "left", "xshift": 6, "yref": "paper"}
    return note(shown, day.isoformat(), _free_height(data, day), palette["text2"], **place)


def _free_height(data: SCurve, day: date) -> float:
    """Height of an event's words in parts of the plot: above the curve, below it where it runs through."""
    beside = [float(value) for on, value in data.ist if day <= on <= day + timedelta(days=430)]
    top = _top(data)
    crossed = beside and max(beside) > 0.2 * top and min(beside) < 0.44 * top
    return 0.15 if crossed else 0.40


def _sentence(data: SCurve) -> str:
    if not data.ist:
        return "Liniendiagramm ohne Werte."
    first, last = span_of(data)[0], max(day for day, _ in _all_points(data))
    parts = [f"Ist {formats.percent(data.ist[-1][1])}"]
    soll = soll_at(data.soll, data.ist[-1][0])
    if soll is not None:
        parts.append(f"Soll {formats.percent(soll)}")
    if data.forecast:
        parts.append(f"Prognose {formats.month(data.forecast.on)} {_with_band(data.forecast, 0)}")
    if data.soll and data.soll[-1][0] > data.ist[-1][0]:
        parts.append(f"Ziel {formats.month(data.soll[-1][0])} {formats.percent(data.soll[-1][1], 0)}")
    return f"Liniendiagramm, {first.year} bis {last.year}. {', '.join(parts)}."


def _table(data: SCurve) -> TableData:
    ist, soll = dict(data.ist), dict(data.soll)
    forecast = {data.forecast.on: _with_band(data.forecast)} if data.forecast else {}
    days = sorted({*ist, *soll, *forecast})
    rows = tuple(
        (
            formats.day(day),
            *(formats.percent(series.get(day)) for series in (ist, soll)),
            forecast.get(day, formats.MISSING),
        )
        for day in days
    )
    return TableData(data.measure, columns("Stand", "Ist", "Soll", "Prognose"), rows)


def _with_band(forecast: Forecast, decimals: int = 1) -> str:
    """„54,9 % (48,9 % bis 63,3 %)“."""
    value = formats.percent(forecast.value, decimals)
    if forecast.low is None or forecast.high is None or forecast.low == forecast.high:
        return value
    low, high = (formats.percent(end, decimals) for end in (forecast.low, forecast.high))
    return f"{value} ({low} bis {high})"
