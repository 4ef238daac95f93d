"""Lines, areas and points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.figures.still.axes import Scale
from dashboard.figures.still.words import lines, plain, write

Trace = Mapping[str, Any]
Point = tuple[float, float]
DASHES = {"dot": "2 3", "dash": "8 6", "longdash": "12 6", "dashdot": "8 4 2 4"}


def draw_curve(trace: Trace, x: Scale, y: Scale) -> str:
    """Return one scatter trace: area first, then line, points and their words."""
    runs = _runs(trace, x, y)
    mode, parts = str(trace.get("mode", "lines")), []
    if trace.get("fill") and runs:
        parts.append(_area(trace, runs, y))
    if "lines" in mode:
        parts += [_line(run, trace) for run in runs if len(run) > 1]
    points = [point for run in runs for point in run]
    if "markers" in mode:
        parts += [_mark(point, index, trace.get("marker", {})) for index, point in enumerate(points)]
    if "text" in mode:
        parts += _texts(trace, points)
    return "".join(parts)


def _runs(trace: Trace, x: Scale, y: Scale) -> list[list[Point]]:
    """Points in px; a gap in the values ends a run."""
    runs: list[list[Point]] = [[]]
    for across, up in zip(trace["x"], trace["y"], strict=False):
        if across is None or up is None:
            runs.append([])
        else:
            runs[-1].append((x.at(across), y.at(up)))
    shape = str((trace.get("line") or {}).get("shape", "linear"))
    return [_stepped(run, shape) for run in runs if run]


def _stepped(run: Sequence[Point], shape: str) -> list[Point]:
    if shape not in ("hv", "vh"):
        return list(run)
    found = [run[0]]
    for point in run[1:]:
        last = found[-1]
        found += [(point[0], last[1]) if shape == "hv" else (last[0], point[1]), point]
    return found


def _area(trace: Trace, runs: Sequence[Sequence[Point]], y: Scale) -> str:
    corners = [point for run in runs for point in run]
    if trace["fill"] == "tozeroy":
        ground = y.at(0.0)
        corners = [(corners[0][0], ground), *corners, (corners[-1][0], ground)]
    color, opacity = _color(str(trace.get("fillcolor", "#ccc")))
    return f'<polygon class="area" points="{_points(corners)}" fill="{color}" fill-opacity="{opacity:g}"/>'


def _color(value: str) -> tuple[str, float]:
    """Split „rgba(32,68,170,0.10)“; SVG readers do not all know it."""
    if not value.startswith("rgba("):
        return plain(value), 1.0
    red, green, blue, opacity = (float(part) for part in value[5:-1].split(","))
    return f"rgb({red:g},{green:g},{blue:g})", opacity


def _line(run: Sequence[Point], trace: Trace) -> str:
    look = trace.get("line") or {}
    thick = float(look.get("width", 2))
    if not thick:
        return ""
    color = plain(look.get("color", "#000"))
    return (
        f'<polyline class="curve" points="{_points(run)}" fill="none" stroke="{color}" '
        f'stroke-width="{thick:g}"{dashes(look.get("dash"))} stroke-linejoin="round"/>'
    )


def dashes(dash: Any) -> str:
    """Return the attribute of a dashed stroke; „9px,7px“ and the names of Plotly."""
    if not dash or dash == "solid":
        return ""
    pattern = DASHES.get(str(dash), str(dash).replace("px", "").replace(",", " "))
    return f' stroke-dasharray="{plain(pattern)}"'


def _points(run: Sequence[Point]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in run)


def _mark(point: Point, index: int, marker: Mapping[str, Any]) -> str:
    symbol = str(_at(marker.get("symbol", "circle"), index))
    half = float(_at(marker.get("size", 6), index)) / 2
    color = str(_at(marker.get("color", "#000"), index))
    line = marker.get("line") or {}
    stroke, thick = _at(line.get("color", color), index), float(_at(line.get("width", 0), index))
    if symbol.endswith("-open"):
        symbol, stroke, color, thick = symbol.removesuffix("-open"), color, "none", thick or 1.5
    look = f'class="mark" fill="{plain(color)}" stroke="{plain(stroke)}" stroke-width="{thick:g}"'
    x, y = point
    if symbol == "diamond":
        reach = half * 1.3
        corners = [(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)]
        return f'<polygon points="{_points(corners)}" {look}/>'
    if symbol == "square":
        return (
            f'<rect x="{x - half:.1f}" y="{y - half:.1f}" width="{2 * half:g}" height="{2 * half:g}" {look}/>'
        )
    if symbol.startswith("triangle"):
        tip = -1 if symbol != "triangle-down" else 1
        corners = [
            (x, y + tip * half * 1.2),
            (x + half * 1.2, y - tip * half),
            (x - half * 1.2, y - tip * half),
        ]
        return f'<polygon points="{_points(corners)}" {look}/>'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{half:g}" {look}/>'


def _at(value: Any, index: int) -> Any:
    return value[index] if isinstance(value, list | tuple) else value


def _texts(trace: Trace, points: Sequence[Point]) -> list[str]:
    font = trace.get("textfont", {})
    size, where = float(font.get("size", 12)), str(trace.get("textposition", "middle center"))
    up = {"top": -size, "bottom": size}.get(where.split()[0], 0.0)
    aside = {"left": ("end", -7.0), "right": ("start", 7.0)}.get(where.split()[-1], ("middle", 0.0))
    given = trace.get("text") or []
    return [
        write(
            lines(_at(given, index)), x + aside[1], y + up, size=size, color=font.get("color", "#000"),
            weight=int(font.get("weight", 400)), anchor=aside[0],
        )
        for index, (x, y) in enumerate(points)
        if given and _at(given, index)
    ]  # fmt: skip
