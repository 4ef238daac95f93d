"""Where are projects stuck: bars per step with the days spent beside them, Ist against Soll."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard import formats
from dashboard.figures.chart import Chart, Figure, TableData, columns, in_order, themed
from dashboard.figures.template import axis, bar, label_axis, layout, note, safe, wrapped
from dashboard.theme import Palette
from metrics.result import Number, Rating

ROW, TOP, BOTTOM = 26, 22, 2


@dataclass(frozen=True, slots=True)
class StepRow:
    """Projects in one step and the mean days a step takes; `rating` colours the Ist."""

    label: str
    projects: int
    days: Number | None
    days_soll: Number | None
    rating: Rating = "neu"


def step_bars(rows: Sequence[StepRow], *, caption: str) -> Chart:
    """Bars in the order of the procedure, never sorted by size."""
    ordered = tuple(rows)
    height = TOP + BOTTOM + ROW * max(1, len(ordered))
    narrow: dict[str, Any] = {
        "margin.l": 140,
        "yaxis.tickfont.size": 12,
    }
    tiny: dict[str, Any] = {
        "margin.l": 110,
        "margin.r": 66,
        "yaxis.tickfont.size": 11,
        "yaxis.ticktext": [wrapped(safe(row.label), 15) for row in ordered],
        # Heads are „Projekte, Tage Ist, Tage Soll“, then Ist and Soll of each row; the table keeps all.
        "annotations.0.text": "",
        **{f"annotations.{2 + 2 * index}.text": "" for index in range(len(ordered) + 1)},
    }
    figure = themed(lambda palette: _draw(ordered, palette, height), narrow=narrow, below=400, tiny=tiny)
    spots = in_order("y", [row.label for row in ordered])
    return Chart(figure, _sentence(ordered), _table(ordered, caption), height, spots)


def _draw(rows: Sequence[StepRow], palette: Palette, height: int) -> Figure:
    most = max([row.projects for row in rows] or [1]) or 1
    shape = layout(palette, (154, 138, TOP, BOTTOM), height, bargap=0.34)
    shape["xaxis"] = axis(palette, range=[0, most * 1.02], showticklabels=False)
    shape["yaxis"] = label_axis(palette, [row.label for row in rows], ticklabelstandoff=8)
    shape["annotations"] = [*_heads(palette), *_days(rows, palette)]
    return {"data": [_bars(rows, palette)], "layout": shape}


def _bars(rows: Sequence[StepRow], palette: Palette) -> dict[str, Any]:
    return bar(
        [row.projects for row in rows],
        list(range(len(rows))),
        orientation="h",
        marker={"color": palette["ist"]},
        text=[formats.number(row.projects) for row in rows],
        textposition="auto",
        insidetextanchor="end",
        insidetextfont={"size": 13, "color": palette["flaeche"], "weight": 600},
        outsidetextfont={"size": 13, "color": palette["text"], "weight": 600},
    )


def _heads(palette: Palette) -> list[dict[str, Any]]:
    place: dict[str, Any] = {"xref": "paper", "yref": "paper", "yshift": 11}
    return [
        note("Projekte", 0, 1, palette["text2"], xanchor="left", **place),
        note("Tage Ist", 1, 1, palette["text2"], xanchor="right", xshift=66, **place),
        note("Tage Soll", 1, 1, palette["text2"], xanchor="right", xshift=132, **place),
    ]


def _days(rows: Sequence[StepRow], palette: Palette) -> list[dict[str, Any]]:
    notes = []
    for index, row in enumerate(rows):
        rated = row.rating in ("warn", "krit")
        color = palette[row.rating] if rated else palette["text"]
        place: dict[str, Any] = {"xref": "paper", "xanchor": "right", "size": 13}
        ist, soll = formats.number(row.days), formats.number(row.days_soll)
        notes.append(note(ist, 1, index, color, xshift=66, weight=600 if rated else 400, **place))
        notes.append(note(soll, 1, index, palette["text2"], xshift=132, **place))
    return notes


def _sentence(rows: Sequence[StepRow]) -> str:
    parts = [
        f"{row.label} {formats.number(row.projects)} ({formats.amount(row.days, 'days')})" for row in rows
    ]
    return f"Balken je Schritt mit Projekten und mittlerer Verweildauer. {', '.join(parts)}."


def _table(rows: Sequence[StepRow], caption: str) -> TableData:
    body = tuple(
        (row.label, *(formats.number(v) for v in (row.projects, row.days, row.days_soll))) for row in rows
    )
    return TableData(caption, columns("Schritt", "Projekte", "Tage Ist", "Tage Soll"), body)
