"""A Plotly figure as SVG: only what the house's figures use, measured as Plotly measures it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.figures.still.axes import Box, NotDrawableError, draw_across, draw_upright, scale
from dashboard.figures.still.bars import Patterns, draw_bars
from dashboard.figures.still.curves import draw_curve
from dashboard.figures.still.notes import draw_note, draw_shape

Figure = Mapping[str, Any]
NARROW = 560
MARKS = frozenset({"bar", "scatter"})
AXES = frozenset({"linear", "date", "-"})


@dataclass(frozen=True, slots=True)
class Drawing:
    """Definitions and body of a drawing without its <svg>; width and height in px."""

    definitions: str
    body: str
    width: float
    height: float

    def alone(self) -> str:
        """Return the drawing as SVG of its own, without title and words around it."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width:g}" height="{self.height:g}" '
            f'viewBox="0 0 {self.width:g} {self.height:g}"><defs>{self.definitions}</defs>{self.body}</svg>'
        )


def draw(figure: Figure, width: float, height: float, *, prefix: str = "m") -> Drawing:
    """Draw a figure in its light colours; `prefix` keeps the patterns of several drawings apart.

    Raises NotDrawableError for marks and axes that are not part of the house's notation.
    """
    figure = fitted(figure, width)
    layout, traces = figure["layout"], [t for t in figure["data"] if t.get("visible", True) is True]
    _require_known(layout, traces)
    box = _box(layout, width, height)
    bars = [t for t in traces if t.get("type") == "bar"]
    x = scale(layout.get("xaxis", {}), box.left, box.right, _seen(traces, "x"))
    y = scale(layout.get("yaxis", {}), box.bottom, box.top, _seen(traces, "y"))
    patterns = Patterns(prefix)
    shapes = [
        (s.get("layer", "above") == "below", draw_shape(s, x, y, box)) for s in layout.get("shapes", ())
    ]
    parts = [
        draw_across(layout.get("xaxis", {}), x, box),
        draw_upright(layout.get("yaxis", {}), y, box),
        *(text for below, text in shapes if below),
        draw_bars(bars, layout, x, y, patterns),
        *(draw_curve(t, x, y) for t in traces if t.get("type", "scatter") == "scatter"),
        *(text for below, text in shapes if not below),
        *(draw_note(note, x, y, box) for note in layout.get("annotations", ())),
    ]
    return Drawing(patterns.written(), "".join(parts), width, height)


def _require_known(layout: Mapping[str, Any], traces: Sequence[Mapping[str, Any]]) -> None:
    strange = {str(t.get("type", "scatter")) for t in traces} - MARKS
    more = {name for name in layout if name.startswith(("xaxis", "yaxis")) and name not in ("xaxis", "yaxis")}
    kinds = {str(layout.get(name, {}).get("type", "-")) for name in ("xaxis", "yaxis")} - AXES
    if strange or more or kinds:
        raise NotDrawableError(", ".join(sorted(strange | more | kinds)))


def _box(layout: Mapping[str, Any], width: float, height: float) -> Box:
    margin = {"l": 40, "r": 20, "t": 20, "b": 30, **layout.get("margin", {})}
    return Box(
        margin["l"],
        margin["t"],
        max(1.0, width - margin["l"] - margin["r"]),
        max(1.0, height - margin["t"] - margin["b"]),
    )


def _seen(traces: Sequence[Mapping[str, Any]], name: str) -> list[Any]:
    return [value for trace in traces for value in trace.get(name, ())]


def fitted(figure: Figure, width: float) -> Figure:
    """Return the figure as a card of this width shows it: the changes noted for narrow cards applied."""
    meta = figure["layout"].get("meta") or {}
    if not meta or width >= float(meta.get("unter", NARROW)):
        return figure
    changed = {"data": _copied(figure["data"]), "layout": _copied(figure["layout"])}
    for path, value in meta.get("schmal", ()):
        target: Any = changed
        for step in path[:-1]:
            target = target[step]
        target[path[-1]] = value
    return changed


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items() if key != "meta"}
    return [_copied(item) for item in value] if isinstance(value, list) else value
