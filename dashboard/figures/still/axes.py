"""Where a value lies in px: linear and time axes, their ticks, grid and labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from dashboard import formats
from dashboard.figures.still.words import LINE, lines, write

GAP = 4
STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400)


class NotDrawableError(Exception):
    """A figure with a mark or an axis these drawings do not know; half a chart would be a wrong one."""


@dataclass(frozen=True, slots=True)
class Box:
    """The plot: left, top, width and height in px."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Lower edge."""
        return self.top + self.height


@dataclass(frozen=True, slots=True)
class Scale:
    """One axis: from values (numbers, days, times) to px."""

    low: float
    high: float
    start: float
    end: float
    dated: bool

    def at(self, value: Any) -> float:
        """Return the px of a value."""
        span = self.high - self.low or 1.0
        return self.start + (self.number(value) - self.low) / span * (self.end - self.start)

    def number(self, value: Any) -> float:
        """Return a value as number; moments in ms."""
        return moment(value) if self.dated and not isinstance(value, int | float) else float(value)


def moment(value: Any) -> float:
    """Milliseconds of a day or time, which Plotly reads as they stand, without zone."""
    if isinstance(value, datetime):
        found = value
    elif isinstance(value, date):
        found = datetime(value.year, value.month, value.day)
    else:
        found = datetime.fromisoformat(str(value))
    return found.replace(tzinfo=UTC).timestamp() * 1000


def scale(axis: Mapping[str, Any], start: float, end: float, seen: Sequence[Any] = ()) -> Scale:
    """Return the scale of an axis; without a range it holds what was seen."""
    dated = axis.get("type") == "date" or any(isinstance(v, str) for v in (*axis.get("range", ()), *seen[:1]))
    if "range" in axis:
        low, high = (moment(v) if dated and isinstance(v, str) else float(v) for v in axis["range"])
    else:
        known = [moment(v) if dated else float(v) for v in seen if v is not None] or [0.0, 1.0]
        low, high = min(known), max(known)
    return Scale(low, high, start, end, dated)


def ticks(axis: Mapping[str, Any], along: Scale) -> list[tuple[float, str]]:
    """Return (px, label) of the ticks inside the axis."""
    if axis.get("showticklabels") is False and not axis.get("showgrid"):
        return []
    if "tickvals" in axis:
        texts = axis.get("ticktext", axis["tickvals"])
        found = [(along.number(v), str(text)) for v, text in zip(axis["tickvals"], texts, strict=False)]
    else:
        found = list(_own_ticks(axis, along))
    low, high = sorted((along.low, along.high))
    room = (high - low) * 1e-6
    return [(along.at(value), text) for value, text in found if low - room <= value <= high + room]


def _own_ticks(axis: Mapping[str, Any], along: Scale) -> Iterator[tuple[float, str]]:
    low, high = sorted((along.low, along.high))
    most = max(1, int(axis.get("nticks") or 6))
    if along.dated:
        step = next((s * 1000.0 for s in STEPS_S if (high - low) / (s * 1000.0) <= most), (high - low) or 1.0)
    else:
        step = _nice((high - low) / most or 1.0)
    value = -(-low // step) * step
    while value <= high:
        yield value, _label(value, axis, along.dated, step)
        value += step


def _nice(least: float) -> float:
    power = 10.0 ** len(str(int(abs(least)))) / 10 if least >= 1 else 1.0
    while least <= power / 10:
        power /= 10
    return next(power * f for f in (0.1, 0.2, 0.25, 0.5, 1, 2, 2.5, 5, 10) if power * f >= least)


def _label(value: float, axis: Mapping[str, Any], dated: bool, step: float) -> str:
    if dated:
        when = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=value)
        return when.strftime(str(axis.get("tickformat") or "%d.%m.%Y"))
    if "%" in str(axis.get("tickformat", "")):
        return formats.percent(value, 0)
    return f"{formats.number(value, 0 if step >= 1 else 2)}{axis.get('ticksuffix', '')}"


def draw_across(axis: Mapping[str, Any], along: Scale, box: Box) -> str:
    """Return grid, line and labels of the horizontal axis."""
    parts = _lines(axis, [(x, box.top, x, box.bottom) for x, _ in ticks(axis, along)])
    if axis.get("showline"):
        parts += _stroke(box.left, box.bottom, box.right, box.bottom, axis)
    parts += _minor(axis, along, box)
    if axis.get("showticklabels") is False:
        return parts
    font = axis.get("tickfont", {})
    size = float(font.get("size", 12))
    for x, text in ticks(axis, along):
        label = lines(text)
        half = len(label) * size * LINE / 2
        y = box.top - GAP - half if axis.get("side") == "top" else box.bottom + GAP + half
        parts += write(label, x, y, size=size, color=font.get("color", "#000"), anchor="middle")
    return parts


def draw_upright(axis: Mapping[str, Any], along: Scale, box: Box) -> str:
    """Return grid, line and labels of the vertical axis."""
    parts = _lines(axis, [(box.left, y, box.right, y) for y, _ in ticks(axis, along)])
    if axis.get("showline"):
        parts += _stroke(box.left, box.top, box.left, box.bottom, axis)
    if axis.get("showticklabels") is False:
        return parts
    font = axis.get("tickfont", {})
    size = float(font.get("size", 12))
    right = axis.get("side") == "right"
    off = 3 + float(axis.get("ticklabelstandoff", 0))
    x = box.right + off if right else box.left - off
    for y, text in ticks(axis, along):
        anchor = "start" if right else "end"
        parts += write(lines(text.rstrip()), x, y, size=size, color=font.get("color", "#000"), anchor=anchor)
    return parts


def _lines(axis: Mapping[str, Any], places: Sequence[tuple[float, float, float, float]]) -> str:
    if not axis.get("showgrid"):
        return ""
    look = {"linecolor": axis.get("gridcolor", "#ddd"), "linewidth": axis.get("gridwidth", 1)}
    return "".join(_stroke(*place, look) for place in places)


def _minor(axis: Mapping[str, Any], along: Scale, box: Box) -> str:
    minor = axis.get("minor") or {}
    look = {"linecolor": minor.get("tickcolor", "#888"), "linewidth": 1}
    low, high = sorted((along.low, along.high))
    inside = [v for v in minor.get("tickvals", ()) if low <= along.number(v) <= high]
    long = float(minor.get("ticklen", 5)) if minor.get("ticks") else 0.0
    return "".join(_stroke(along.at(v), box.bottom, along.at(v), box.bottom + long, look) for v in inside)


def _stroke(x0: float, y0: float, x1: float, y1: float, look: Mapping[str, Any]) -> str:
    return (
        f'<line x1="{x0:.1f}" y1="{y0:.1f}" x2="{x1:.1f}" y2="{y1:.1f}" '
        f'stroke="{look.get("linecolor", "#888")}" stroke-width="{look.get("linewidth", 1):g}"/>'
    )
