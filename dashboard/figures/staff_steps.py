"""Posts over time: Plan as dashed, filled extent as solid step line, both in Vollzeitstellen (VZÄ)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from dashboard import formats
from dashboard.figures.chart import Chart, Column, Figure, TableData, on_days, themed
from dashboard.figures.scale import round_ticks
from dashboard.figures.template import axis, curve, layout, note, year_axis
from dashboard.theme import Palette
from metrics.result import Number

ROOM = timedelta(days=20)


@dataclass(frozen=True, slots=True)
class Staff:
    """Posts of a month: planned, and filled where that is known and told; None is not told."""

    month: date
    planned: Number | None
    filled: Number | None = None


def staff_steps(months: Sequence[Staff], *, caption: str, height: int = 250) -> Chart:
    """Draw the course; a month without a filled extent leaves a gap in its line."""
    ordered = tuple(months)
    figure = themed(lambda palette: _draw(ordered, palette, height))
    spots = on_days({formats.month(m.month): m.month for m in ordered})
    return Chart(figure, _sentence(ordered), _table(ordered, caption), height, spots)


def _draw(months: Sequence[Staff], palette: Palette, height: int) -> Figure:
    top = max([float(v) for m in months for v in (m.planned, m.filled) if v is not None] or [1.0]) or 1.0
    shape = layout(palette, (34, 76, 12, 24), height)
    if months:
        shape["xaxis"] = year_axis(palette, months[0].month, months[-1].month + ROOM)
    ticks = round_ticks(top * 1.1)
    shape["yaxis"] = axis(
        palette,
        range=[0, top * 1.16],
        tickvals=ticks,
        ticktext=[formats.number(tick, 0 if ticks[1:2] != [0.5] else 1) + " " for tick in ticks],
        showgrid=True,
        gridcolor=palette["raster"],
        layer="below traces",
    )
    shape["annotations"] = _notes(months, palette)
    planned, filled = [m.planned for m in months], [m.filled for m in months]
    days = [m.month for m in months]
    return {
        "data": [
            _steps(days, planned, {"color": palette["plan"], "width": 1.5, "dash": "9px,7px"}),
            _steps(days, filled, {"color": palette["ist"], "width": 3}),
        ],
        "layout": shape,
    }


def _steps(days: Sequence[date], values: Sequence[Number | None], look: dict[str, Any]) -> dict[str, Any]:
    found = curve(
        [day.isoformat() for day in days],
        [None if value is None else float(value) for value in values],
        line={**look, "shape": "hv"},
    )
    return {**found, "connectgaps": False}


def _notes(months: Sequence[Staff], palette: Palette) -> list[dict[str, Any]]:
    """Direct labels at the ends of the lines, apart where the lines meet."""
    if not months:
        return []
    last, day = months[-1], months[-1].month.isoformat()
    place = {"xanchor": "left", "xshift": 6}
    notes = []
    if last.planned is not None:
        words = f"Plan {formats.number(last.planned, 1)}"
        notes.append(note(words, day, float(last.planned), palette["text"], yshift=7, **place))
    if last.filled is not None:
        words = f"<b>besetzt {formats.number(last.filled, 1)}</b>"
        notes.append(note(words, day, float(last.filled), palette["ist"], yshift=-8, **place))
    return notes


def _sentence(months: Sequence[Staff]) -> str:
    if not months:
        return "Stufenlinie ohne Werte."
    first, last = months[0], months[-1]
    said = [f"Plan {formats.full_time(last.planned)}"]
    if last.filled is not None:
        said.append(f"besetzt {formats.full_time(last.filled)}")
    span = f"{formats.month(first.month)} bis {formats.month(last.month)}"
    return f"Stufenlinie, {span}. Zuletzt {', '.join(said)}."


def _table(months: Sequence[Staff], caption: str) -> TableData:
    columns = (Column("Monat"), Column("Plan", "right", "VZÄ"), Column("besetzt", "right", "VZÄ"))
    rows = tuple(
        (formats.month(m.month), formats.number(m.planned, 1), formats.number(m.filled, 1)) for m in months
    )
    return TableData(caption, columns, rows)
