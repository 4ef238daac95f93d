"""Straight lines, areas and words laid over or under a chart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.figures.still.axes import Box, NotDrawableError, Scale
from dashboard.figures.still.curves import dashes
from dashboard.figures.still.words import extent, lines, plain, write


def draw_shape(shape: Mapping[str, Any], x: Scale, y: Scale, box: Box) -> str:
    """Return a line, an area or a sign of fixed size; other kinds are not part of the house's notation."""
    if shape.get("type") == "path":
        return _draw_sign(shape, x, y, box)
    x0, x1 = (_across(shape[name], shape.get("xref", "x"), x, box) for name in ("x0", "x1"))
    y0, y1 = (_up(shape[name], shape.get("yref", "y"), y, box) for name in ("y0", "y1"))
    look = shape.get("line") or {}
    stroke = (
        f'stroke="{plain(look.get("color", "#000"))}" stroke-width="{float(look.get("width", 1)):g}"'
        f"{dashes(look.get('dash'))}"
    )
    if shape.get("type") == "line":
        return f'<line x1="{x0:.1f}" y1="{y0:.1f}" x2="{x1:.1f}" y2="{y1:.1f}" {stroke}/>'
    if shape.get("type") != "rect":
        return ""
    left, top = min(x0, x1), min(y0, y1)
    fill, opacity = plain(shape.get("fillcolor", "none")), float(shape.get("opacity", 1))
    return (
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{abs(x1 - x0):.1f}" height="{abs(y1 - y0):.1f}" '
        f'fill="{fill}" fill-opacity="{opacity:g}" {stroke}/>'
    )


def _draw_sign(shape: Mapping[str, Any], x: Scale, y: Scale, box: Box) -> str:
    """A path in pixels around its anchor; its second axis points upwards, as that of the chart does."""
    if (shape.get("xsizemode"), shape.get("ysizemode")) != ("pixel", "pixel"):
        raise NotDrawableError("a path that is not measured in pixels")
    left = _across(shape["xanchor"], shape.get("xref", "x"), x, box)
    middle = _up(shape["yanchor"], shape.get("yref", "y"), y, box)
    look = shape.get("line") or {}
    return (
        f'<path d="{plain(shape["path"])}" transform="translate({left:.1f} {middle:.1f}) scale(1 -1)" '
        f'fill="{plain(shape.get("fillcolor", "none"))}" stroke="{plain(look.get("color", "#000"))}" '
        f'stroke-width="{float(look.get("width", 1)):g}"/>'
    )


def draw_note(note: Mapping[str, Any], x: Scale, y: Scale, box: Box) -> str:
    """Return an annotation with its ground; an arrow becomes a thin line."""
    if note.get("visible") is False or not str(note.get("text", "")).strip():
        return ""
    font = note.get("font", {})
    size, weight = float(font.get("size", 12)), int(font.get("weight", 400))
    label = lines(note["text"])
    wide, high = extent(label, size, bold=weight >= 600)
    left = _across(note["x"], note.get("xref", "x"), x, box) + float(note.get("xshift", 0))
    middle = _up(note["y"], note.get("yref", "y"), y, box) - float(note.get("yshift", 0))
    arrow = ""
    if note.get("showarrow"):
        to, down = left + float(note.get("ax", 0)), middle + float(note.get("ay", 0))
        ink = plain(note.get("arrowcolor", font.get("color", "#000")))
        arrow = f'<line x1="{left:.1f}" y1="{middle:.1f}" x2="{to:.1f}" y2="{down:.1f}" stroke="{ink}"/>'
        left, middle = to, down
    anchor = _side(note)
    middle += {"top": high / 2, "bottom": -high / 2}.get(str(note.get("yanchor", "middle")), 0.0)
    ground = _ground(note, left, middle, (wide, high), anchor)
    # A block of lines hangs at its anchor as a whole and is set inside of it as `align` says.
    align = str(note.get("align", "center")) if len(label) > 1 else anchor
    at, set_to = _inside(left, wide, anchor, align)
    text = write(label, at, middle, size=size, color=font.get("color", "#000"), weight=weight, anchor=set_to)
    return arrow + ground + text


def _side(note: Mapping[str, Any]) -> str:
    side = str(note.get("xanchor", "auto"))
    if side != "auto":
        return side
    if note.get("xref") == "paper":
        return "left" if note["x"] < 1 / 3 else "right" if note["x"] > 2 / 3 else "center"
    return "center"


def _inside(left: float, wide: float, anchor: str, align: str) -> tuple[float, str]:
    begins = left - {"center": wide / 2, "right": wide}.get(anchor, 0.0)
    at = begins + {"center": wide / 2, "right": wide}.get(align, 0.0)
    return at, {"center": "middle", "right": "end"}.get(align, "start")


def _ground(
    note: Mapping[str, Any], left: float, middle: float, size: tuple[float, float], anchor: str
) -> str:
    if not note.get("bgcolor"):
        return ""
    pad = float(note.get("borderpad", 1))
    begins = left - {"center": size[0] / 2, "right": size[0]}.get(anchor, 0.0)
    return (
        f'<rect x="{begins - pad:.1f}" y="{middle - size[1] / 2 - pad:.1f}" width="{size[0] + 2 * pad:.1f}" '
        f'height="{size[1] + 2 * pad:.1f}" fill="{plain(note["bgcolor"])}"/>'
    )


def _across(value: Any, ref: str, x: Scale, box: Box) -> float:
    return box.left + float(value) * box.width if ref == "paper" else x.at(value)


def _up(value: Any, ref: str, y: Scale, box: Box) -> float:
    return box.bottom - float(value) * box.height if ref == "paper" else y.at(value)
