"""Small graphics drawn on the server: one SVG for each colour scheme, shown by style sheet, equal in print.

An <img> does not see the colours of the page around it; so both variants are sent, a few hundred bytes each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from dash import html
from dash.development.base_component import Component

from dashboard.theme import Palette, dark, light
from metrics.result import Number


@dataclass(frozen=True, slots=True)
class Spot:
    """Place of a comment or event in a course: the index of its month."""

    index: int
    event: bool


def themed_image(
    draw: Callable[[Palette], str], *, alt: str, width: int, height: int, class_name: str = ""
) -> Component:
    """Return the picture in both schemes; `draw` yields SVG text, `alt` is German (empty: decoration)."""
    label: dict[str, Any] = {"role": "img", "aria-label": alt} if alt else {"aria-hidden": "true"}
    images = [
        html.Img(src=data_uri(draw(palette)), alt="", width=width, height=height, className=scheme)
        for palette, scheme in ((light(), "only-light"), (dark(), "only-dark"))
    ]
    return html.Span(images, className=f"picture {class_name}".strip(), **label)


def data_uri(svg: str) -> str:
    """Return SVG text as address of an image."""
    plain = svg.replace('"', "'")
    return "data:image/svg+xml," + quote(plain, safe=" =:/;,()'")


def sparkline(
    values: Sequence[Number | None],
    *,
    alt: str,
    soll: Number | None = None,
    marks: Sequence[Spot] = (),
    width: int = 84,
    height: int = 28,
) -> Component:
    """Course of up to 13 months with end dot; gaps stay gaps; `soll` (if constant) is dashed.

    `marks` are the places of comments; what they say belongs into `alt`.
    """
    return themed_image(
        lambda palette: sparkline_svg(values, soll, palette, width, height, marks),
        alt=alt,
        width=width,
        height=height,
        class_name="sparkline",
    )


def sparkline_svg(
    values: Sequence[Number | None],
    soll: Number | None,
    palette: Palette,
    width: int,
    height: int,
    marks: Sequence[Spot] = (),
) -> str:
    """Return the SVG of a course; the value axis spans the values, and the Soll where it lies near them."""
    known = [float(v) for v in values if v is not None]
    if not known:
        return _frame("", width, height)
    low, high = min(known), max(known)
    if soll is not None and _near(float(soll), low, high):
        low, high = min(low, float(soll)), max(high, float(soll))
    points = _places(values, low, high, width, height)
    body = "".join(_stroke(run, palette["ist"]) for run in _runs(points))
    if soll is not None and low <= float(soll) <= high:
        y = _y(float(soll), low, high, height)
        body = (
            f'<path d="M0 {y:.1f}H{width}" fill="none" stroke="{palette["text2"]}" stroke-width="1.25" '
            f'stroke-dasharray="3 3" vector-effect="non-scaling-stroke"/>{body}'
        )
    body = (
        "".join(_mark(spot, points[spot.index], len(values), palette, width, height) for spot in marks) + body
    )
    last = next((p for p in reversed(points) if p is not None), None)
    return _frame(body + (_dot(last, palette["ist"]) if last else ""), width, height)


def _mark(
    spot: Spot, place: tuple[float, float] | None, count: int, palette: Palette, width: int, height: int
) -> str:
    """An event is a dotted line from top to bottom, a comment a short stroke through its place."""
    x, (low, high) = _x(spot.index, count, width), (0.0, float(height))
    if not spot.event:
        middle = place[1] if place else height / 2
        low, high = max(0.0, middle - 5), min(float(height), middle + 5)
    dots = ' stroke-dasharray="1.5 2.5"' if spot.event else ""
    return (
        f'<path d="M{x:.1f} {low:.1f}V{high:.1f}" fill="none" stroke="{palette["text2"]}" '
        f'stroke-width="1.5"{dots} vector-effect="non-scaling-stroke"/>'
    )


def _dot(place: tuple[float, float], color: str) -> str:
    """End of the course. A line of no length with a round cap stays round when the picture is stretched."""
    return (
        f'<path d="M{place[0]:.1f} {place[1]:.1f}h0" stroke="{color}" stroke-width="6" '
        'stroke-linecap="round" vector-effect="non-scaling-stroke"/>'
    )


def _near(soll: float, low: float, high: float) -> bool:
    room = max(high - low, abs(high) * 0.02)
    return low - 1.5 * room <= soll <= high + 1.5 * room


def _y(value: float, low: float, high: float, height: int) -> float:
    span = high - low
    part = (value - low) / span if span else 0.5
    return height - 4 - part * (height - 8)


def _places(
    values: Sequence[Number | None], low: float, high: float, width: int, height: int
) -> list[tuple[float, float] | None]:
    return [
        None if v is None else (_x(i, len(values), width), _y(float(v), low, high, height))
        for i, v in enumerate(values)
    ]


def _x(index: int, count: int, width: int) -> float:
    return 4 + index * (width - 8) / max(1, count - 1)


def _runs(points: Sequence[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    runs: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return [run for run in runs if len(run) > 1]


def _stroke(run: Sequence[tuple[float, float]], color: str) -> str:
    places = " ".join(f"{x:.1f},{y:.1f}" for x, y in run)
    return (
        f'<polyline points="{places}" fill="none" stroke="{color}" stroke-width="1.75" '
        'stroke-linejoin="round" stroke-linecap="round" vector-effect="non-scaling-stroke"/>'
    )


def _frame(body: str, width: int, height: int) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" preserveAspectRatio="none">{body}</svg>'
    )
