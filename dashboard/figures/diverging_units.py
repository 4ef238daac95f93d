"""Which unit is behind, and how deep: bars around the legal threshold between stages 2 and 3."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard import formats, texts
from dashboard.figures.chart import Chart, Figure, in_order, themed
from dashboard.figures.levels import (
    ONLINE,
    UNRATED,
    LevelRow,
    fitting_counts,
    hatch_labels,
    level_table,
    segment,
    side_columns,
    stages_of,
    without_counts,
)
from dashboard.figures.template import axis, label_axis, layout, line, note, safe
from dashboard.theme import HELL, Palette

TOP, BOTTOM, RIGHT = 26, 24, 112


def diverging_units(
    rows: Sequence[LevelRow],
    *,
    first: str = "Einheit",
    row_height: int = 17,
    shorts: Mapping[str, str] | None = None,
) -> Chart:
    """Bars in the order given: below the threshold to the left, online to the right, in parts of a unit.

    `shorts` are short names by label for narrow cards.
    """
    ordered = tuple(rows)
    height = TOP + BOTTOM + row_height * max(1, len(ordered))
    drawn, first_hatched = _draw(ordered, HELL, height), 2 * len(ordered) + 2
    narrow = _narrow(ordered, shorts or {}, len(drawn["layout"]["annotations"]))
    narrow |= fitting_counts(ordered, drawn["data"], first_hatched, 125)
    tiny = fitting_counts(ordered, drawn["data"], first_hatched, 85)
    figure = themed(lambda palette: _draw(ordered, palette, height), narrow=narrow, tiny=tiny)
    table = level_table(f"Reifegrad nach {first}, Anzahl Einzelleistungen", first, ordered)
    spots = in_order("y", [row.label for row in ordered])
    return Chart(figure, _sentence(ordered, first), table, height, spots)


def _narrow(rows: Sequence[LevelRow], shorts: Mapping[str, str], notes: int) -> dict[str, Any]:
    """Short names and short words at the threshold; the last two of the notes stand there."""
    labels = [shorts.get(row.label, row.label) for row in rows]
    return {
        "margin.l": 16 + 7 * min(15, max([len(label) for label in labels] or [1])),
        "margin.r": 58,
        "yaxis.ticktext": [safe(label if len(label) <= 15 else f"{label[:14]}…") for label in labels],
        "yaxis.tickfont.size": 12,
        **without_counts(rows),
        f"annotations.{notes - 2}.text": "← nicht online",
        f"annotations.{notes - 1}.text": "online →",
    }


def _draw(rows: Sequence[LevelRow], palette: Palette, height: int) -> Figure:
    left, right = _reach(rows)
    shape = layout(palette, (212, RIGHT, TOP, BOTTOM), height, barmode="relative", bargap=0.24)
    ticks = [v / 100 for v in (-75, -50, -25, 0, 25, 50, 75) if -left <= v / 100 <= right]
    shape["xaxis"] = axis(
        palette,
        range=[-left, right],
        tickvals=ticks,
        ticktext=[
            formats.number(abs(v) * 100) + (f"{formats.NBSP}%" if v == max(ticks) else "") for v in ticks
        ],
    )
    shape["yaxis"] = label_axis(palette, [row.label for row in rows], ticklabelstandoff=8)
    shape["shapes"] = [line((0, 0), (0, 1), palette["text"], width=2, yref="paper")]
    near = [sum(row.counts.get(s, 0) for s in ("2", "1")) / max(1, row.total) for row in rows]
    shape["annotations"] = [
        *side_columns(rows, palette, (54, RIGHT - 12)),
        *hatch_labels(rows, near, -1, palette),
        *_threshold_notes(palette),
    ]
    below = ("2", "1", "0", *((UNRATED,) if UNRATED in stages_of(rows) else ()))
    traces = [segment(rows, s, -1, palette) for s in below] + [segment(rows, s, 1, palette) for s in ONLINE]
    return {"data": traces, "layout": shape}


def _reach(rows: Sequence[LevelRow]) -> tuple[float, float]:
    shares = [float(row.online_share) for row in rows if row.online_share is not None] or [0.5]
    return max(0.1, 1 - min(shares)) + 0.02, max(0.1, *shares) + 0.03


def _threshold_notes(palette: Palette) -> list[dict[str, Any]]:
    place: dict[str, Any] = {"yref": "paper", "yshift": 13}
    left = note("← noch nicht online", 0, 1, palette["text2"], xanchor="right", xshift=-8, **place)
    right = note(
        "OZG erfüllt ab Reifegrad 3 →", 0, 1, palette["text"], weight=600, xanchor="left", xshift=8, **place
    )
    return [left, right]


def _sentence(rows: Sequence[LevelRow], first: str) -> str:
    if not rows:
        return f"Balken nach {first} ohne Werte."
    best, worst = rows[0], rows[-1]
    return (
        f"Balken um die Schwelle zwischen Reifegrad 2 und 3, "
        f"{texts.plural(len(rows), 'Zeile', 'Zeilen')} nach {first}. Online ab Reifegrad 3: "
        f"von {best.label} {formats.percent(best.online_share)} "
        f"bis {worst.label} {formats.percent(worst.online_share)}."
    )
