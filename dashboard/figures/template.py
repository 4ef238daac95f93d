"""The one Plotly template: type, axes, margins, and the marks every chart shares."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape
from typing import Any

from dashboard.theme import Palette

FONT = "'Fira Sans', 'Noto Sans', Arial, sans-serif"
CLEAR = "rgba(0,0,0,0)"
# No mode bar, no zoom: what can be read stands there, the table holds the rest.
CONFIG: dict[str, Any] = {
    "displayModeBar": False,
    "displaylogo": False,
    "locale": "de",
    "responsive": True,
    "scrollZoom": False,
    "doubleClick": False,
    "showTips": False,
    "typesetMath": False,
}


# A year gets its label when at least one in so many of them would stand side by side.
LABELS_AT_MOST = 9


def layout(palette: Palette, margin: tuple[int, int, int, int], height: int, **more: Any) -> dict[str, Any]:
    """Return the layout of a chart; margin is left, right, top, bottom in px."""
    left, right, top, bottom = margin
    return {
        "font": {"family": FONT, "size": 12, "color": palette["text"]},
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "margin": {"l": left, "r": right, "t": top, "b": bottom, "pad": 0, "autoexpand": False},
        "height": height,
        "separators": ",.",
        "showlegend": False,
        "dragmode": False,
        "hovermode": False,
        "bargap": 0.3,
        "annotations": [],
        "shapes": [],
        **more,
    }


def axis(palette: Palette, **more: Any) -> dict[str, Any]:
    """Return an axis without line, grid and zoom."""
    return {
        "showgrid": False,
        "zeroline": False,
        "showline": False,
        "fixedrange": True,
        "tickangle": 0,
        "ticks": "",
        "tickfont": {"size": 12, "color": palette["text2"]},
        **more,
    }


def base_axis(palette: Palette, **more: Any) -> dict[str, Any]:
    """Return the category axis with its base line."""
    return axis(palette, showline=True, linecolor=palette["achse"], linewidth=1, **more)


def label_axis(palette: Palette, labels: Sequence[str], **more: Any) -> dict[str, Any]:
    """Return a vertical axis of categories, the first on top, 13 px; rows lie at 0, 1, 2, …"""
    return axis(
        palette,
        range=[len(labels) - 0.5, -0.5],
        tickvals=list(range(len(labels))),
        ticktext=[safe(label) for label in labels],
        tickfont={"size": 13, "color": palette["text"]},
        **more,
    )


def note(text: str, x: Any, y: Any, color: str, **more: Any) -> dict[str, Any]:
    """Return an annotation without arrow; `size` and `weight` set the type.

    It is centred on its height: Plotly would hang notes at the edge of the paper from their top.
    """
    font = {"size": more.pop("size", 12), "color": color, "weight": more.pop("weight", 400)}
    return {"text": text, "x": x, "y": y, "showarrow": False, "font": font, "yanchor": "middle", **more}


def line(x: tuple[Any, Any], y: tuple[Any, Any], color: str, **more: Any) -> dict[str, Any]:
    """Return a straight line as shape; `width` and `dash` set its look."""
    stroke = {"color": color, "width": more.pop("width", 1), "dash": more.pop("dash", "solid")}
    return {"type": "line", "x0": x[0], "x1": x[1], "y0": y[0], "y1": y[1], "line": stroke, **more}


def bar(x: Sequence[Any], y: Sequence[Any], **more: Any) -> dict[str, Any]:
    """Return a bar trace without hover."""
    return {
        "type": "bar",
        "x": list(x),
        "y": list(y),
        "hoverinfo": "skip",
        "cliponaxis": False,
        "textangle": 0,
        "constraintext": "none",
        **more,
    }


def curve(x: Sequence[Any], y: Sequence[Any], **more: Any) -> dict[str, Any]:
    """Return a line trace without hover."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": list(x),
        "y": list(y),
        "hoverinfo": "skip",
        "cliponaxis": False,
        **more,
    }


def hatch(color: str, back: str, size: int = 6) -> dict[str, Any]:
    """Return the diagonal pattern of Prognose and of stage 0."""
    return {
        "shape": "/",
        "fgcolor": color,
        "bgcolor": back,
        "fillmode": "replace",
        "size": size,
        "solidity": 0.28,
    }


def year_axis(palette: Palette, first: date, last: date, *, label_years: bool = True) -> dict[str, Any]:
    """Return a time axis with one label in the middle of each year and a tick at each turn.

    Of a year that is cut off, the part shown is labelled when it has room for the digits.
    """
    shown = {
        y: (max(first, date(y, 1, 1)), min(last, date(y, 12, 31))) for y in range(first.year, last.year + 1)
    }
    days = (last - first).days
    middles = {
        y: start + (end - start) / 2
        for y, (start, end) in shown.items()
        if len(shown) == 1 or (end - start).days * LABELS_AT_MOST >= days
    }
    turns = [f"{y}-01-01" for y in range(first.year + 1, last.year + 1)]
    return base_axis(
        palette,
        type="date",
        range=[first.isoformat(), last.isoformat()],
        tickmode="array",
        tickvals=[middle.isoformat() for middle in middles.values()],
        ticktext=[str(y) if label_years else "" for y in middles],
        minor={
            "tickmode": "array",
            "tickvals": turns,
            "ticks": "outside",
            "ticklen": 5,
            "tickcolor": palette["achse"],
        },
    )


def safe(text: str) -> str:
    """Return text of a source so that Plotly shows it as it is; its labels know a little HTML."""
    return escape(text, quote=False)


def wrapped(text: str, width: int = 18) -> str:
    """Break a label at blanks for narrow cards, at most two lines."""
    if len(text) <= width:
        return text
    cut = text.rfind(" ", 0, width + 1)
    cut = cut if cut > 0 else text.find(" ", width)
    return text if cut < 0 else f"{text[:cut]}<br>{text[cut + 1 :]}"
