"""Bars and columns: side by side, over each other or stacked, solid, outlined or hatched, with their text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dashboard.figures.still.axes import Scale
from dashboard.figures.still.words import lines, plain, width, write

Trace = Mapping[str, Any]
INSET = 4


@dataclass(slots=True)
class Patterns:
    """Fill patterns of one drawing, each kept once; `prefix` keeps ids of several drawings apart."""

    prefix: str
    kept: dict[tuple[str, str, str, float], str] = field(default_factory=dict)

    def fill(self, shape: str, color: str, back: str, size: float) -> str:
        """Return the fill of a pattern."""
        name = self.kept.setdefault((shape, color, back, size), f"{self.prefix}-{len(self.kept)}")
        return f"url(#{name})"

    def written(self) -> str:
        """Return the definitions."""
        return "".join(_pattern(name, *key) for key, name in self.kept.items())


def _pattern(name: str, shape: str, color: str, back: str, size: float) -> str:
    edge, thick = size * 1.2, max(1.0, size * 0.24)
    strokes = {"/": "45", "\\": "-45", "-": "90", "|": "0"}
    if shape in strokes:
        inner = f'<rect width="{thick:.2f}" height="{edge:.2f}" fill="{plain(color)}"/>'
        turn = f' patternTransform="rotate({strokes[shape]})"'
    else:
        half = edge / 2
        inner, turn = f'<circle cx="{half:.2f}" cy="{half:.2f}" r="{thick:.2f}" fill="{plain(color)}"/>', ""
    return (
        f'<pattern id="{name}" width="{edge:.2f}" height="{edge:.2f}" patternUnits="userSpaceOnUse"{turn}>'
        f'<rect width="{edge:.2f}" height="{edge:.2f}" fill="{plain(back)}"/>{inner}</pattern>'
    )


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: where it begins and ends along its values and across them, in values of the axes."""

    trace: Trace
    index: int
    start: float
    end: float
    low: float
    high: float


def draw_bars(
    traces: Sequence[Trace], layout: Mapping[str, Any], x: Scale, y: Scale, patterns: Patterns
) -> str:
    """Return the rectangles (class „bar“) and their texts, in the order of the traces."""
    return "".join(_draw(bar, x, y, patterns) for bar in _placed(traces, layout, x, y))


def _placed(traces: Sequence[Trace], layout: Mapping[str, Any], x: Scale, y: Scale) -> Iterator[Bar]:
    mode = layout.get("barmode", "group")
    reached: dict[tuple[float, bool], float] = {}
    for number, trace in enumerate(traces):
        lying = trace.get("orientation") == "h"
        values, places = (trace["x"], trace["y"]) if lying else (trace["y"], trace["x"])
        along, across = (x, y) if lying else (y, x)
        for index, (value, place) in enumerate(zip(values, places, strict=False)):
            if value is None:
                continue
            middle = across.number(place)
            low, wide = _span(trace, index, layout, number, len(traces), mode)
            amount = float(value)
            base = _of(trace.get("base"), index)
            start = along.number(base) if base is not None else 0.0
            if mode in ("stack", "relative"):
                start = reached.get((middle, amount < 0), 0.0)
                reached[middle, amount < 0] = start + amount
            yield Bar(trace, index, start, start + amount, middle + low, middle + low + wide)


def _span(
    trace: Trace, index: int, layout: Mapping[str, Any], number: int, count: int, mode: str
) -> tuple[float, float]:
    wide = _of(trace.get("width"), index)
    room = 1 - float(layout.get("bargap", 0.2))
    each = room / count if mode == "group" and count > 1 else room
    size = float(wide) if wide is not None else each
    offset = _of(trace.get("offset"), index)
    if offset is not None:
        return float(offset), size
    if mode == "group" and count > 1 and wide is None:
        return -room / 2 + number * each, size
    return -size / 2, size


def _of(value: Any, index: int) -> Any:
    return value[index] if isinstance(value, list | tuple) else value


def _draw(bar: Bar, x: Scale, y: Scale, patterns: Patterns) -> str:
    lying = bar.trace.get("orientation") == "h"
    along, across = (x, y) if lying else (y, x)
    one, other = sorted((along.at(bar.start), along.at(bar.end)))
    near, far = sorted((across.at(bar.low), across.at(bar.high)))
    left, top, wide, high = (
        (one, near, other - one, far - near) if lying else (near, one, far - near, other - one)
    )
    rect = (
        f'<rect class="bar" x="{left:.1f}" y="{top:.1f}" width="{wide:.1f}" height="{high:.1f}" '
        f"{_look(bar, patterns)}/>"
    )
    return rect + _text(bar, (left, top, wide, high), lying)


def _look(bar: Bar, patterns: Patterns) -> str:
    marker = bar.trace.get("marker", {})
    fill = str(_of(marker.get("color", "#888"), bar.index))
    pattern = marker.get("pattern")
    if pattern and _of(pattern.get("shape"), bar.index):
        back = str(_of(pattern.get("bgcolor", fill), bar.index))
        ink = str(_of(pattern.get("fgcolor", fill), bar.index))
        fill = patterns.fill(str(_of(pattern["shape"], bar.index)), ink, back, float(pattern.get("size", 6)))
    line = marker.get("line", {})
    stroke = _of(line.get("color"), bar.index)
    edge = (
        f' stroke="{plain(stroke)}" stroke-width="{float(_of(line.get("width", 1), bar.index)):g}"'
        if stroke
        else ""
    )
    return f'fill="{plain(fill)}"{edge}'


def _text(bar: Bar, place: tuple[float, float, float, float], lying: bool) -> str:
    given = bar.trace.get("text")
    text = str(_of(given, bar.index)) if given else ""
    where = bar.trace.get("textposition", "auto")
    if not text or where == "none":
        return ""
    left, top, wide, high = place
    inside_font = {**bar.trace.get("textfont", {}), **bar.trace.get("insidetextfont", {})}
    fits = width(text, float(inside_font.get("size", 12)), bold=True) + 2 * INSET <= wide
    if where == "inside" or (where == "auto" and (fits or not lying)):
        return _inside(bar, text, inside_font, (left, top, wide, high))
    font = {**bar.trace.get("textfont", {}), **bar.trace.get("outsidetextfont", {})}
    if lying:
        return _written(text, left + wide + INSET, top + high / 2, font, "start")
    return _written(text, left + wide / 2, top - float(font.get("size", 12)) * 0.7, font, "middle")


def _inside(bar: Bar, text: str, font: Mapping[str, Any], place: tuple[float, float, float, float]) -> str:
    left, top, wide, high = place
    x, anchor = {
        "start": (left + INSET, "start"),
        "end": (left + wide - INSET, "end"),
    }.get(str(bar.trace.get("insidetextanchor", "end")), (left + wide / 2, "middle"))
    if bar.trace.get("orientation") != "h":
        x, anchor = left + wide / 2, "middle"
    return _written(text, x, top + high / 2, font, anchor)


def _written(text: str, x: float, y: float, font: Mapping[str, Any], anchor: str) -> str:
    size, weight = float(font.get("size", 12)), int(font.get("weight", 400))
    return write(lines(text), x, y, size=size, color=font.get("color", "#000"), weight=weight, anchor=anchor)
