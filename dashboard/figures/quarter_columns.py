"""Do people and days suffice: Bedarf (outlined) against Verfügbar (solid) per quarter, scenario band."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboard import formats
from dashboard.figures.chart import Chart, Column, Figure, TableData, themed
from dashboard.figures.template import axis, bar, base_axis, layout, line, note
from dashboard.theme import Palette
from metrics.result import Number


@dataclass(frozen=True, slots=True)
class Quarter:
    """Person-days of a quarter, named by its first day; None is not planned.

    `low`, `middle` and `high` are the need in the scenario; None where it changes nothing.
    `complete`: all three months are planned.
    """

    first: date
    needed: Number | None
    available: Number | None
    low: Number | None = None
    middle: Number | None = None
    high: Number | None = None
    complete: bool = True

    @property
    def gap(self) -> float | None:
        """Available minus needed; None when one of them is unknown or a month is missing."""
        if self.needed is None or self.available is None or not self.complete:
            return None
        return float(self.available) - float(self.needed)


def quarter_columns(
    quarters: Sequence[Quarter], *, today: date, caption: str, scenario: str = "", height: int = 250
) -> Chart:
    """Draw the quarters; what is missing is printed with its sign above the columns."""
    ordered = tuple(quarters)
    figure = themed(
        lambda palette: _draw(ordered, today, palette, height), narrow=_narrow(ordered), below=460
    )
    return Chart(figure, _sentence(ordered), _table(ordered, caption, scenario), height)


def _narrow(quarters: Sequence[Quarter]) -> dict[str, Any]:
    """On a phone every other quarter keeps its name."""
    names = [formats.quarter(q.first, short=True) for q in quarters]
    crowded = len(names) > 6
    return {"xaxis.ticktext": [name if not crowded or i % 2 == 0 else "" for i, name in enumerate(names)]}


def _draw(quarters: Sequence[Quarter], today: date, palette: Palette, height: int) -> Figure:
    top = max([_height(q) for q in quarters] or [1.0]) or 1.0
    shape = layout(palette, (2, 2, 18, 24), height, barmode="overlay")
    shape["xaxis"] = base_axis(
        palette,
        range=[-0.6, len(quarters) - 0.4],
        tickvals=list(range(len(quarters))),
        ticktext=[formats.quarter(q.first, short=True) for q in quarters],
    )
    shape["yaxis"] = axis(palette, range=[0, top * 1.16], showticklabels=False)
    shape["annotations"] = [_gap_note(i, q, palette) for i, q in enumerate(quarters) if q.gap is not None]
    shape["shapes"] = [*_bands(quarters, palette)]
    place = _place_of(today, quarters)
    if place is not None:
        shape["shapes"].append(
            line((place, place), (0, top * 1.1), palette["rahmen"], width=1, dash="4px,4px")
        )
        shape["annotations"].append(
            note("heute", place, top * 1.15, palette["text2"], **_beside(place, len(quarters)))
        )
    return {"data": _traces(quarters, palette), "layout": shape}


def _beside(place: float, count: int) -> dict[str, Any]:
    """The word stands on the side of its line that has more room."""
    left = place < count / 2
    return {"xanchor": "left" if left else "right", "xshift": 3 if left else -3}


def _height(quarter: Quarter) -> float:
    return max(float(value or 0) for value in (quarter.needed, quarter.available, quarter.high))


def _place_of(today: date, quarters: Sequence[Quarter]) -> float | None:
    """Where a day lies on the axis of quarters; None outside of them."""
    for place, quarter in enumerate(quarters):
        months = (today.year - quarter.first.year) * 12 + today.month - quarter.first.month
        if 0 <= months < 3:
            return place - 0.5 + (months + today.day / 31) / 3
    return None


def _traces(quarters: Sequence[Quarter], palette: Palette) -> list[dict[str, Any]]:
    places = list(range(len(quarters)))
    outline = {"color": palette["flaeche"], "line": {"color": palette["plan"], "width": 1.25}}
    return [
        bar(places, [float(q.needed or 0) for q in quarters], width=0.56, offset=-0.38, marker=outline),
        bar(
            places,
            [float(q.available or 0) for q in quarters],
            width=0.5,
            offset=-0.14,
            marker={"color": palette["ist"]},
        ),
        *_middles(quarters, palette),
    ]


def _bands(quarters: Sequence[Quarter], palette: Palette) -> list[dict[str, Any]]:
    return [
        {
            "type": "rect",
            "x0": place - 0.44,
            "x1": place + 0.42,
            "y0": float(q.low),
            "y1": float(q.high),
            "fillcolor": palette["band"],
            "line": {"width": 0},
        }
        for place, q in enumerate(quarters)
        if q.low is not None and q.high is not None
    ]


def _middles(quarters: Sequence[Quarter], palette: Palette) -> list[dict[str, Any]]:
    """Middle lines of the bands, dotted like every forecast."""
    look = {"color": palette["ist"], "width": 2.25, "dash": "3px,3px"}
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "x": [place - 0.44, place + 0.42],
            "y": [float(q.middle), float(q.middle)],
            "line": look,
            "hoverinfo": "skip",
        }
        for place, q in enumerate(quarters)
        if q.middle is not None
    ]


def _gap_note(place: int, quarter: Quarter, palette: Palette) -> dict[str, Any]:
    short = (quarter.gap or 0) < 0
    text = formats.number(quarter.gap, plus=True)
    color = palette["text"] if short else palette["text2"]
    return note(text, place, _height(quarter), color, weight=600 if short else 400, yshift=9)


def _sentence(quarters: Sequence[Quarter]) -> str:
    known = [q for q in quarters if q.gap is not None]
    if not known:
        return "Säulendiagramm ohne Werte."
    first, last = formats.quarter(known[0].first), formats.quarter(known[-1].first)
    span = first if first == last else f"{first} bis {last}"
    needed = formats.number(sum(float(q.needed or 0) for q in known))
    there = formats.number(sum(float(q.available or 0) for q in known))
    return f"Säulendiagramm je Quartal, {span}. Benötigt {needed}, verfügbar {there} Personentage."


def _table(quarters: Sequence[Quarter], caption: str, scenario: str) -> TableData:
    columns = [
        Column("Quartal"),
        Column("Bedarf", "right", "PT"),
        Column("verfügbar", "right", "PT"),
        Column("Unterschied", "right", "PT"),
    ]
    told = any(q.middle is not None for q in quarters)
    if told:
        columns.append(Column(f"Bedarf, {scenario}" if scenario else "Bedarf im Szenario", "right", "PT"))
    rows = tuple(
        (
            formats.quarter(q.first) + ("" if q.complete else " (unvollständig)"),
            *(formats.number(v) for v in (q.needed, q.available)),
            formats.number(q.gap, plus=True),
            *([_band_words(q)] if told else []),
        )
        for q in quarters
    )
    return TableData(caption, tuple(columns), rows)


def _band_words(quarter: Quarter) -> str:
    """„600 (540 bis 720)“."""
    if quarter.middle is None:
        return formats.MISSING
    middle, low, high = (formats.number(v) for v in (quarter.middle, quarter.low, quarter.high))
    return middle if low == high else f"{middle} ({low} bis {high})"
