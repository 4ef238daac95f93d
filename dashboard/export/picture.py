"""A chart as picture of its own: title, subtitle and legend above the drawing, foot line below, all light."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from dashboard.export.facts import Facts
from dashboard.export.view import Card, Picture
from dashboard.figures.still.drawing import Drawing, draw
from dashboard.figures.still.words import FAMILY, lines, plain, width, wrap, write
from dashboard.theme import Palette, light

WIDTH = 760.0
EDGE = 20.0
TITLE, SMALL = 17.0, 12.0
TITLE_LINE, SMALL_LINE = 23.0, 17.0
FONTS = Path(__file__).parent.parent / "assets" / "fonts"
WEIGHTS = (400, 500, 600)
Swatches = Sequence[tuple[str, str]]


def svg_text(card: Card, about: Facts, *, width_px: float = WIDTH, fonts: bool = True) -> str:
    """Return the card's chart as SVG document; `fonts` embeds the typeface for foreign programs."""
    palette, parts = light(), []
    y, top = _head(card, width_px, palette)
    parts.append(top)
    definitions = ""
    for number, picture in enumerate(card.pictures):
        drawing = drawn(picture, width_px - 2 * EDGE, f"muster{number}")
        definitions += drawing.definitions
        parts.append(f'<g transform="translate({EDGE:g} {y:.1f})">{drawing.body}</g>')
        y += drawing.height + 8
    y, foot = _foot(card, about, y, width_px, palette)
    parts.append(foot)
    style = f"<style>{_faces()}</style>" if fonts else ""
    sentence = " ".join(picture.description for picture in card.pictures)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width_px:g}" height="{y:.0f}" '
        f'viewBox="0 0 {width_px:g} {y:.0f}" role="img" xml:lang="de" font-family="{FAMILY}">'
        f"<title>{plain(card.title)}</title><desc>{plain(sentence)}</desc>"
        f"<defs>{style}{definitions}</defs>"
        f'<rect width="100%" height="100%" fill="{palette["flaeche"]}"/>{"".join(parts)}</svg>'
    )


def drawn(picture: Picture, width_px: float, prefix: str) -> Drawing:
    """Return one drawing in the width of its place."""
    return draw(picture.figure, width_px, picture.height, prefix=prefix)


def _head(card: Card, width_px: float, palette: Palette) -> tuple[float, str]:
    y, parts, room = EDGE + TITLE_LINE / 2, "", width_px - 2 * EDGE
    for line in wrap(card.title, TITLE, room, bold=True):
        parts += write(lines(plain(line)), EDGE, y, size=TITLE, color=palette["text"], weight=600)
        y += TITLE_LINE
    y -= 2
    for line in wrap(card.subtitle, SMALL, room) if card.subtitle else ():
        parts += write(lines(plain(line)), EDGE, y, size=SMALL, color=palette["text2"])
        y += SMALL_LINE
    if card.legend:
        high, row = legend_row(card.legend, EDGE, y + 4, room, palette)
        parts, y = parts + row, y + high + 4
    return y + 2, parts


def legend_row(entries: Swatches, left: float, y: float, room: float, palette: Palette) -> tuple[float, str]:
    """Return height and SVG of a legend in rows, with the swatches of the screen."""
    x, parts, begin = left, "", y
    for swatch, words in entries:
        wide = 15 + 6 + width(words, SMALL) + 18
        if x > left and x + wide > left + room:
            x, y = left, y + SMALL_LINE + 2
        parts += _swatch(swatch, x, y, palette)
        parts += write(lines(plain(words)), x + 21, y, size=SMALL, color=palette["text2"])
        x += wide
    return y - begin + SMALL_LINE, parts


# (fill, outline, width of the outline) by swatch; hatched ones name the token of their strokes, too.
_AREAS: dict[str, tuple[str, str, float]] = {
    "bar": ("ist", "ist", 0),
    "ist": ("ist", "ist", 0),
    "vj": ("vj", "vj", 0),
    "plan": ("flaeche", "plan", 1.5),
    "obligo": ("obligo", "mittel", 1),
    "prognose": ("flaeche", "ist", 1),
    "over": ("krit", "krit", 0),
    "rg0": ("rg0", "rg-linie", 1),
    "rg1": ("rg1", "rg-linie", 1),
    "rg2": ("rg2", "rg-linie", 1),
    "rg3": ("rg3", "rg3", 0),
    "rg4": ("rg4", "rg4", 0),
    "new-online": ("rg3", "rg3", 0),
    "rg-ohne": ("flaeche", "rg-linie", 1),
    "downgraded": ("flaeche", "krit", 1.5),
    **{name: (name, name, 0) for name in ("kat1", "kat2", "kat3", "kat4", "kat5", "uebrige")},
    "night-gut": ("gut-grund", "gut", 1),
    "night-warn": ("warn-zeichen", "warn", 1),
    "night-krit": ("krit-zeichen", "krit", 1),
    "night-neu": ("flaeche", "rahmen", 1),
}
_HATCHED = {"prognose": "ist", "rg0": "rg0-muster"}
_STROKES: dict[str, tuple[str, float, str]] = {
    "line-ist": ("ist", 3, ""),
    "line-vj": ("text2", 3, ""),
    "line-soll": ("plan", 1.5, "4 3"),
    "mean-before": ("text2", 3, ""),
    "mean-after": ("ist", 3, ""),
    "spark": ("ist", 1.75, ""),
}
_UPRIGHT: dict[str, tuple[str, float, str]] = {
    "mark": ("text", 2, ""),
    "elapsed": ("text", 2, "2 2"),
    "intro": ("vj", 1.5, ""),
    "noted": ("text2", 1.5, ""),
}


def _swatch(name: str, x: float, y: float, palette: Palette) -> str:
    if name in _AREAS:
        fill, edge, thick = _AREAS[name]
        outline = f' stroke="{palette[edge]}" stroke-width="{thick:g}"' if thick else ""
        box = f'<rect x="{x:.1f}" y="{y - 6:.1f}" width="15" height="12" fill="{palette[fill]}"{outline}/>'
        return box + (_strokes(x, y, palette[_HATCHED[name]]) if name in _HATCHED else "")
    if name in _STROKES:
        color, thick, dash = _STROKES[name]
        return _straight((x - 3, y, x + 17, y), palette[color], thick, dash)
    if name in _UPRIGHT:
        color, thick, dash = _UPRIGHT[name]
        return _straight((x + 7, y - 7, x + 7, y + 7), palette[color], thick, dash)
    return ""


def _strokes(x: float, y: float, color: str) -> str:
    return "".join(_straight((x + at, y + 6, x + at + 6, y - 6), color, 1.2, "") for at in (1, 5, 9))


def _straight(ends: tuple[float, float, float, float], color: str, thick: float, dash: str) -> str:
    x0, y0, x1, y1 = ends
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{x0:.1f}" y1="{y0:.1f}" x2="{x1:.1f}" y2="{y1:.1f}" stroke="{color}" '
        f'stroke-width="{thick:g}"{dashed}/>'
    )


def _foot(card: Card, about: Facts, y: float, width_px: float, palette: Palette) -> tuple[float, str]:
    room = width_px - 2 * EDGE
    parts = _straight((EDGE, y + 2, width_px - EDGE, y + 2), palette["linie"], 1, "")
    y += 2 + SMALL_LINE * 0.8
    wanted = [card.foot, about.filter_line if about.filters else "", about.source_line]
    for text in wanted:
        for line in wrap(text, SMALL, room) if text else ():
            parts += write(lines(plain(line)), EDGE, y, size=SMALL, color=palette["text3"])
            y += SMALL_LINE
    return y + EDGE - SMALL_LINE / 2, parts


@cache
def _faces() -> str:
    """The shipped typeface as part of the picture, so that it looks the same on a machine without it."""
    return "".join(
        f"@font-face{{font-family:'Fira Sans';font-weight:{weight};src:url(data:font/woff2;base64,"
        f"{base64.b64encode((FONTS / f'fira-sans-{weight}.woff2').read_bytes()).decode()})}}"
        for weight in WEIGHTS
    )
