"""Shares of members online per group where no stages are known: solid bar in an outlined frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard import formats, texts
from dashboard.figures.chart import Chart, Figure, TableData, columns, in_order, themed
from dashboard.figures.levels import without_counts
from dashboard.figures.template import axis, bar, label_axis, layout, note, safe, wrapped
from dashboard.theme import Palette

ROW, TOP, BOTTOM, RIGHT = 28, 30, 4, 112


@dataclass(frozen=True, slots=True)
class ShareRow:
    """A group with the members that are online and all its members."""

    label: str
    online: int
    total: int

    @property
    def share(self) -> float | None:
        """Part online as a fraction; None for an empty group."""
        return self.online / self.total if self.total else None


def share_bars(rows: Sequence[ShareRow], *, first: str, noun: str) -> Chart:
    """Bars in the order given; `noun` names the members („OZG-Leistungen“)."""
    ordered = tuple(rows)
    height = TOP + BOTTOM + ROW * max(1, len(ordered))
    narrow: dict[str, Any] = {
        "margin.l": 136,
        "margin.r": 60,
        "yaxis.ticktext": [wrapped(safe(row.label), 16) for row in ordered],
        "yaxis.tickfont.size": 12,
        "xaxis.showticklabels": False,
        **without_counts(ordered),
    }
    figure = themed(lambda palette: _draw(ordered, palette, height), narrow=narrow)
    spots = in_order("y", [row.label for row in ordered])
    return Chart(figure, _sentence(ordered, first, noun), _table(ordered, first, noun), height, spots)


def _draw(rows: Sequence[ShareRow], palette: Palette, height: int) -> Figure:
    shape = layout(palette, (238, RIGHT, TOP, BOTTOM), height, barmode="overlay", bargap=0.29)
    ticks = [0, 0.25, 0.5, 0.75]
    shape["xaxis"] = axis(
        palette, range=[0, 1], side="top", tickvals=ticks, ticktext=[formats.percent(v, 0) for v in ticks]
    )
    shape["yaxis"] = label_axis(palette, [row.label for row in rows], ticklabelstandoff=8)
    shape["annotations"] = _side(rows, palette)
    places = list(range(len(rows)))
    frame = {"color": palette["flaeche"], "line": {"color": palette["linie2"], "width": 1}}
    solid = {"color": palette["ist"], "line": {"color": palette["ist"], "width": 1}}
    full = bar([1 if row.total else 0 for row in rows], places, orientation="h", marker=frame)
    part = bar(
        [row.share or 0 for row in rows],
        places,
        orientation="h",
        marker=solid,
        text=[formats.number(row.online) for row in rows],
        textposition="auto",
        insidetextanchor="end",
        insidetextfont={"size": 12, "color": palette["flaeche"]},
        outsidetextfont={"size": 12, "color": palette["text"]},
    )
    return {"data": [full, part], "layout": shape}


def _side(rows: Sequence[ShareRow], palette: Palette) -> list[Any]:
    place: dict[str, Any] = {"xref": "paper", "xanchor": "right"}
    notes = [
        note(head, 1, 1, palette["text2"], yref="paper", xshift=x, yshift=12, **place)
        for head, x in (("online", 54), ("Anzahl", RIGHT - 12))
    ]
    for index, row in enumerate(rows):
        share, count = formats.percent(row.share), formats.number(row.total)
        notes.append(note(share, 1, index, palette["text"], size=13, weight=600, xshift=54, **place))
        notes.append(note(count, 1, index, palette["text2"], size=13, xshift=RIGHT - 12, **place))
    return notes


def _sentence(rows: Sequence[ShareRow], first: str, noun: str) -> str:
    if not rows:
        return f"Balken nach {first} ohne Werte."
    best, worst = rows[0], rows[-1]
    return (
        f"Balken, {texts.plural(len(rows), 'Zeile', 'Zeilen')} nach {first}. Anteil {noun} online: "
        f"von {best.label} {formats.percent(best.share)} bis {worst.label} {formats.percent(worst.share)}."
    )


def _table(rows: Sequence[ShareRow], first: str, noun: str) -> TableData:
    body = tuple(_cells(row) for row in rows)
    total = ShareRow("Summe", sum(row.online for row in rows), sum(row.total for row in rows))
    return TableData(
        f"{noun} online nach {first}", columns(first, "online", "Anzahl", "Anteil"), body, _cells(total)
    )


def _cells(row: ShareRow) -> tuple[str, ...]:
    return row.label, formats.number(row.online), formats.number(row.total), formats.percent(row.share)
