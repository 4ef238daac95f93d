"""Small bars of HTML: they follow the colour scheme, print, and need no picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from dashboard import formats, texts
from dashboard.components.attributes import aria
from metrics.result import Number, Rating

# How far beyond the frame a position bar can show an excess: a sixth of the frame.
BEYOND = 1.16


@dataclass(frozen=True, slots=True)
class Bar:
    """Ist against Soll. `parts` are (amount, „ist“ or „obligo“) laid end to end, `mark` the Soll of today.

    All in one unit; `scale` is the amount at the right end. Bars start at zero.
    """

    parts: tuple[tuple[float, str], ...]
    scale: float
    mark: float | None = None


def bar_of(value: Number | None, target: Number | None, *, share: bool) -> Bar | None:
    """Return the bar of a single value; None without value.

    The Soll stands in the middle, so that neighbours are read alike; shares never go beyond 100 %.
    """
    if value is None:
        return None
    amount, mark = max(0.0, float(value)), None if target is None else float(target)
    scale = 2 * mark if mark else (1.0 if share else amount)
    scale = min(1.0, scale) if share else scale
    return Bar(((amount, "ist"),), max(scale, amount, 1e-9), mark)


def bullet(bar: Bar, *, label: str = "") -> Component:
    """Bar with the Soll mark; without label it is decoration beside its numbers."""
    pieces: list[Component] = []
    start = 0.0
    for amount, kind in bar.parts:
        pieces.append(_piece(start / bar.scale, amount / bar.scale, f"bullet-{kind}"))
        start += amount
    if bar.mark is not None:
        pieces.append(html.Span(className="bullet-mark", style={"left": _percent(bar.mark / bar.scale)}))
    more = {"role": "img", **aria(label=label)} if label else aria(hidden=True)
    return html.Span(pieces, className="bullet", **more)


def load_bar(
    ist: Number, obligo: Number, forecast: Number | None, elapsed: Number | None, rating: Rating = "neu"
) -> Component:
    """Use of a budget position in parts of its frame (= 1): Ist, Obligo, Prognose, elapsed part of the year.

    What the forecast exceeds the frame by is red; the signed number stands in the same row of the table.
    """
    done, bound = float(ist), float(obligo)
    expected = float(forecast) if forecast is not None else done + bound
    pieces = [
        _piece(0, 1 / BEYOND, "load-frame"),
        _piece(0, done / BEYOND, "load-ist"),
        _piece(done / BEYOND, bound / BEYOND, "load-obligo"),
    ]
    inside = min(expected, 1.0)
    if inside > done + bound:
        hatch = "load-forecast load-over" if rating in ("warn", "krit") else "load-forecast"
        pieces.append(_piece((done + bound) / BEYOND, (inside - done - bound) / BEYOND, hatch))
    if expected > 1:
        pieces.append(_piece(1 / BEYOND, min(expected, BEYOND) / BEYOND - 1 / BEYOND, "load-excess"))
    if elapsed is not None:
        pieces.append(html.Span(className="load-elapsed", style={"left": _percent(float(elapsed) / BEYOND)}))
    words = [f"Ist {formats.percent(ist)}", f"Obligo {formats.percent(obligo)}"]
    if forecast is not None:
        words.append(f"Prognose {formats.percent(forecast)} des Rahmens")
    return html.Span(pieces, className="load", role="img", **aria(label=", ".join(words)))


def _piece(start: float, width: float, class_name: str) -> Component:
    left, length = max(0.0, min(1.0, start)), max(0.0, width)
    style = {"left": _percent(left), "width": _percent(min(length, 1 - left))}
    return html.Span(className=f"piece {class_name}", style=style)


def _percent(part: float) -> str:
    return f"{part * 100:.2f}%"


def glyph(level: int | None) -> Component:
    """Reifegrad as four boxes with the legal threshold after the second; online stages are dark."""
    if level is None:
        return html.Span("nicht eingestuft", className="glyph-none")
    depth = "online" if level >= 3 else "offline"
    boxes: list[Component] = []
    for place in range(1, 5):
        if place == 3:
            boxes.append(html.Span(className="glyph-threshold"))
        boxes.append(html.Span(className=f"glyph-box{f' glyph-{depth}' if place <= level else ''}"))
    drawing = html.Span(boxes, className="glyph", **aria(hidden=True))
    return html.Span([drawing, html.Span(str(level), className="glyph-level")], className="glyph-cell")


def evidence(level: str) -> Component:
    """Belegstärke „hoch“, „mittel“ or „gering“ as three rising bars with the word."""
    filled = {"gering": 1, "mittel": 2, "hoch": 3}.get(level, 0)
    bars = [html.Span(className=f"evidence-bar{' evidence-full' if i < filled else ''}") for i in range(3)]
    drawing = html.Span(bars, className="evidence", **aria(hidden=True))
    return html.Span([drawing, f"Beleg {level}"], className="evidence-cell")


NIGHTS: dict[str, tuple[str, str]] = {
    "gut": ("✓", "erfolgreich"),
    "warn": ("!", "mit Hinweis"),
    "krit": ("×", "fehlgeschlagen"),
    "neu": ("", "kein Lauf"),
}


def night_strip(nights: Sequence[Rating]) -> Component:
    """The last nights of a source, oldest first: tick, exclamation mark, cross, or an empty dashed box."""
    boxes = [html.Span(NIGHTS[state][0], className=f"night night-{state}") for state in nights]
    counts = [f"{nights.count(state)} {word}" for state, (_, word) in NIGHTS.items() if nights.count(state)]
    label = f"{texts.plural(len(nights), 'Nacht', 'Nächte')}: {', '.join(counts)}"
    return html.Span(boxes, className="nights", role="img", **aria(label=label))
