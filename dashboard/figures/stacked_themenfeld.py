"""Which Themenfeld is behind: 100 % bars, online stages first, Soll of today as line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboard import formats, texts
from dashboard.figures.chart import Chart, Figure, themed
from dashboard.figures.levels import (
    LevelRow,
    hatch_labels,
    level_table,
    safe_labels,
    segment,
    side_columns,
    stages_of,
)
from dashboard.figures.template import axis, label_axis, layout, line, note, wrapped
from dashboard.theme import Palette
from metrics.result import Number

ROW, TOP, BOTTOM, RIGHT = 28, 30, 4, 112


def stacked_themenfeld(
    rows: Sequence[LevelRow], *, soll: Number | None = None, first: str = "Themenfeld", row_height: int = ROW
) -> Chart:
    """Bars of stages in the order given (sort by share before); `soll` is a fraction."""
    ordered = tuple(rows)
    height = TOP + BOTTOM + row_height * max(1, len(ordered))
    labels = safe_labels(ordered)
    narrow: dict[str, Any] = {
        "margin.l": 136,
        "margin.r": 60,
        "yaxis.ticktext": [wrapped(label, 16) for label in labels],
        "yaxis.tickfont.size": 12,
    }
    figure = themed(lambda palette: _draw(ordered, soll, palette, height), narrow=narrow)
    table = level_table(f"Reifegrad nach {first}, Anzahl Einzelleistungen", first, ordered)
    return Chart(figure, _sentence(ordered, soll, first), table, height)


def _draw(rows: Sequence[LevelRow], soll: Number | None, palette: Palette, height: int) -> Figure:
    shape = layout(palette, (238, RIGHT, TOP, BOTTOM), height, barmode="stack", bargap=0.29)
    shape["xaxis"] = axis(
        palette,
        range=[0, 1],
        side="top",
        tickvals=_ticks(soll),
        ticktext=[formats.percent(v, 0) for v in _ticks(soll)],
    )
    shape["yaxis"] = label_axis(palette, [row.label for row in rows], ticklabelstandoff=8)
    online = [sum(row.counts.get(s, 0) for s in ("4", "3", "2", "1")) / max(1, row.total) for row in rows]
    shape["annotations"] = [
        *side_columns(rows, palette, (54, RIGHT - 12)),
        *hatch_labels(rows, online, 1, palette),
    ]
    if soll is not None:
        shape["shapes"], extra = _soll_line(float(soll), palette)
        shape["annotations"].append(extra)
    return {"data": [segment(rows, s, 1, palette) for s in stages_of(rows)], "layout": shape}


def _ticks(soll: Number | None) -> list[float]:
    """Quarters, without those the word „Soll“ would cover."""
    return [v for v in (0, 0.25, 0.5, 0.75) if soll is None or abs(v - float(soll)) > 0.12]


def _soll_line(soll: float, palette: Palette) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    ends: tuple[float, float] = (-0.01, 1.02)
    halo = line((soll, soll), ends, palette["flaeche"], width=6, yref="paper")
    mark = line((soll, soll), ends, palette["text"], width=2, yref="paper")
    text = f"Soll {formats.percent(soll, 0)}"
    return [halo, mark], note(text, soll, 1, palette["text"], weight=600, yref="paper", yshift=12)


def _sentence(rows: Sequence[LevelRow], soll: Number | None, first: str) -> str:
    if not rows:
        return f"Gestapelte Balken nach {first} ohne Werte."
    best, worst = rows[0], rows[-1]
    text = (
        f"Gestapelte Balken, {texts.plural(len(rows), 'Zeile', 'Zeilen')} nach {first}. "
        f"Online ab Reifegrad 3: von {best.label} {formats.percent(best.online_share)} "
        f"bis {worst.label} {formats.percent(worst.online_share)}"
    )
    return f"{text}. Soll heute {formats.percent(soll)}." if soll is not None else f"{text}."
