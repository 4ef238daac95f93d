"""Shapes of the ratings and the small bars of tiles as SVG, for paper."""

from __future__ import annotations

from dash.development.base_component import Component

from dashboard.export.tree import classes, walk
from dashboard.theme import Palette

WIDTH, HEIGHT = 200.0, 12.0
_OCTAGON = "M5 1h6l4 4v6l-4 4H5l-4-4V5z"
# (outline, mark, how the outline is stroked) on 16 × 16.
_SHAPES: dict[str, tuple[str, str, str]] = {
    "gut": ("M8 1a7 7 0 1 0 0.01 0z", "M4.8 8.2l2.2 2.3 4.2-4.6", ""),
    "warn": ("M8 1.2L15.2 14.4H0.8z", "M8 5.6v4.2M8 11.6v1.4", ""),
    "krit": (_OCTAGON, "M5.4 5.4l5.2 5.2M10.6 5.4l-5.2 5.2", ""),
    "neu": ("M8 1.5a6.5 6.5 0 1 0 0.01 0z", "", ' stroke-dasharray="2.5 2"'),
}
_PIECES = {
    "ist": "ist",
    "obligo": "obligo",
    "load-ist": "ist",
    "load-obligo": "obligo",
    "load-forecast": "band",
    "load-excess": "krit",
}


def sign_svg(rating: str, palette: Palette) -> str:
    """Return the shape of a rating: tick, triangle, octagon, dashed ring."""
    outline, mark, dash = _SHAPES.get(rating, _SHAPES["neu"])
    fill = palette["flaeche"] if rating == "neu" else palette[f"{rating}-zeichen"]
    ink = palette.get(f"{rating}-marke", palette["text"])
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16">'
        f'<path d="{outline}" fill="{fill}" stroke="{palette[rating]}" stroke-width="1.2"{dash}/>'
        f'<path d="{mark or "M8 8"}" fill="none" stroke="{ink}" stroke-width="1.8"/></svg>'
    )


def bar_svg(node: Component, palette: Palette) -> str:
    """Return the bar of a tile with its mark, in the places its style names."""
    parts = f'<rect width="{WIDTH:g}" height="{HEIGHT:g}" fill="{palette["versenkt"]}"/>'
    for item in walk(node):
        style = getattr(item, "style", None) or {}
        left = _part(style.get("left"))
        if "bullet-mark" in classes(item):
            parts += f'<rect x="{left - 1:.1f}" width="2.5" height="{HEIGHT:g}" fill="{palette["text"]}"/>'
        elif "piece" in classes(item):
            parts += _piece(item, left, _part(style.get("width")), palette)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH:g}" height="{HEIGHT:g}" '
        f'viewBox="0 0 {WIDTH:g} {HEIGHT:g}">{parts}</svg>'
    )


def _piece(node: Component, left: float, wide: float, palette: Palette) -> str:
    names = [name.removeprefix("bullet-") for name in classes(node)]
    colour = next((_PIECES[name] for name in names if name in _PIECES), "ist")
    edge = f' stroke="{palette["mittel"]}"' if colour == "obligo" else ""
    return f'<rect x="{left:.1f}" y="1.5" width="{wide:.1f}" height="9" fill="{palette[colour]}"{edge}/>'


def _part(percent: object) -> float:
    return float(str(percent or "0").rstrip("%")) / 100 * WIDTH
