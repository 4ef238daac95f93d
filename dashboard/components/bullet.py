"""Small bars of HTML: they follow the colour scheme, print, and need no picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from dashboard import formats, texts
from dashboard.components.attributes import aria
from dashboard.figures.svg import themed_image
from dashboard.theme import Palette
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
    """Return the bar of a single value; None without value, or where nothing gives the length a meaning.

    The Soll stands in the middle, so that neighbours are read alike; shares never go beyond 100 %.
    """
    if value is None or (target is None and not share):
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
    "gut": ("M3.4 9l2.2 2.4L9.8 6", "erfolgreich"),
    "warn": ("M6.5 4v6M6.5 11.6v1.9", "mit Hinweis"),
    "krit": ("M3.9 5.9l5.2 5.2M9.1 5.9l-5.2 5.2", "fehlgeschlagen"),
    "neu": ("M0 0", "kein Lauf"),
}
NIGHT_STEP = 16


def night_strip(nights: Sequence[Rating]) -> Component:
    """The last nights of a source, oldest first: tick, exclamation mark, cross, or an empty dashed box."""
    counts = [f"{nights.count(state)} {word}" for state, (_, word) in NIGHTS.items() if nights.count(state)]
    label = f"{texts.plural(len(nights), 'Nacht', 'Nächte')}: {', '.join(counts)}"
    width = max(1, len(nights) * NIGHT_STEP)
    return themed_image(
        lambda palette: nights_svg(nights, palette), alt=label, width=width, height=17, class_name="nights"
    )


def nights_svg(nights: Sequence[Rating], palette: Palette) -> str:
    """Return the strip as one picture; as single boxes it would make a page of 250 sources slow."""
    boxes = "".join(_night(index, state, palette) for index, state in enumerate(nights))
    width = max(1, len(nights) * NIGHT_STEP)
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="17">{boxes}</svg>'


def _night(index: int, state: Rating, palette: Palette) -> str:
    tint = {"neu": "flaeche", "gut": "gut-grund"}.get(state, f"{state}-zeichen")
    edge = {"neu": "rahmen", "gut": "gut"}.get(state, f"{state}-zeichen")
    mark = palette["gut"] if state == "gut" else palette.get(f"{state}-marke", "none")
    look = {"neu": ' stroke-dasharray="2 2"', "gut": ' stroke-opacity="0.45"'}.get(state, "")
    return (
        f'<g transform="translate({index * NIGHT_STEP} 0)"><rect x="0.5" y="0.5" width="12" height="16" '
        f'fill="{palette[tint]}" stroke="{palette[edge]}"{look}/>'
        f'<path d="{NIGHTS[state][0]}" fill="none" stroke="{mark}" stroke-width="1.9"/></g>'
    )
