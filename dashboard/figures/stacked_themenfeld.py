"""Which Themenfeld is behind: 100 % bars, online stages first, Soll of today as line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from dashboard import formats, texts
from dashboard.figures.chart import Chart, Figure, in_order, themed
from dashboard.figures.levels import (
    LevelRow,
    fitting_counts,
    hatch_labels,
    level_table,
    safe_labels,
    segment,
    side_columns,
    stages_of,
    without_counts,
)
from dashboard.figures.template import axis, label_axis, layout, line, note, wrapped
from dashboard.theme import HELL, Palette
from metrics.result import Number

ROW, TOP, BOTTOM, RIGHT = 28, 30, 4, 112
# Width in px of a whole row on a wide screen, and the least part of it a count needs beside the line.
WIDE_PX, LEAST_SIDE = 285.0, 0.06


def stacked_themenfeld(
    rows: Sequence[LevelRow], *, soll: Number | None = None, first: str = "Themenfeld", row_height: int = ROW
) -> Chart:
    """Bars of stages in the order given (sort by share before); `soll` is a fraction."""
    ordered = tuple(rows)
    height = TOP + BOTTOM + row_height * max(1, len(ordered))
    labels = safe_labels(ordered)
    drawn, first_hatched = _draw(ordered, soll, HELL, height), 2 * len(ordered) + 2
    moved = range(first_hatched + _hatched(ordered) + (soll is not None), len(drawn["layout"]["annotations"]))
    narrow: dict[str, Any] = {
        "margin.l": 136,
        "margin.r": 60,
        "yaxis.ticktext": [wrapped(label, 16) for label in labels],
        "yaxis.tickfont.size": 12,
        # The word „Soll“ needs the room of the percentages; the shares stand at the right.
        "xaxis.showticklabels": False,
        **without_counts(ordered),
        **{f"annotations.{index}.text": "" for index in moved},
        **_narrow_counts(ordered, drawn["data"], soll, 130),
    }
    tiny = {
        "margin.l": 122,
        "margin.r": 54,
        "yaxis.tickfont.size": 11,
        **_narrow_counts(ordered, drawn["data"], soll, 78),
    }
    figure = themed(lambda palette: _draw(ordered, soll, palette, height), narrow=narrow, tiny=tiny)
    table = level_table(f"Reifegrad nach {first}, Anzahl Einzelleistungen", first, ordered)
    spots = in_order("y", [row.label for row in ordered])
    return Chart(figure, _sentence(ordered, soll, first), table, height, spots)


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
    traces = [segment(rows, s, 1, palette) for s in stages_of(rows)]
    if soll is not None:
        shape["shapes"], extra = _soll_line(float(soll), palette)
        shape["annotations"] += [extra, *_beside_the_line(traces, float(soll))]
    return {"data": traces, "layout": shape}


def _beside_the_line(traces: Sequence[dict[str, Any]], soll: float) -> list[dict[str, Any]]:
    """Move counts the Soll line would strike through to its wider side, or drop them."""
    notes = []
    for trace, row, start, end in _parts(traces):
        text = trace["text"][row]
        if not text or not _struck(text, (start + end) / 2 - soll, WIDE_PX):
            continue
        trace["text"][row] = ""
        room, middle = max((soll - start, (start + soll) / 2), (end - soll, (soll + end) / 2))
        if room > LEAST_SIDE:
            notes.append(note(text, middle, row, trace["textfont"]["color"]))
    return notes


def _parts(traces: Sequence[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], int, float, float]]:
    """Yield trace, row, start and end of every part that may carry its count."""
    ends = [0.0] * len(traces[0]["x"])
    for trace in traces:
        for row, part in enumerate(trace["x"]):
            start, ends[row] = ends[row], ends[row] + part
            if trace["text"]:
                yield trace, row, start, ends[row]


def _struck(text: str, distance: float, part_px: float) -> bool:
    return abs(distance) * part_px < 5 + 3.5 * len(text)


def _narrow_counts(
    rows: Sequence[LevelRow], traces: Sequence[dict[str, Any]], soll: Number | None, part_px: float
) -> dict[str, Any]:
    """Narrow change: only counts that fit into their part and are not struck through."""
    left = [{**trace, "text": list(trace["text"])} for trace in traces]
    for trace, row, start, end in _parts(left) if soll is not None else ():
        if _struck(trace["text"][row], (start + end) / 2 - float(soll or 0), part_px):
            trace["text"][row] = ""
    return fitting_counts(rows, left, 2 * len(rows) + 2, part_px)


def _hatched(rows: Sequence[LevelRow]) -> int:
    """Number of counts `hatch_labels` prints."""
    return len(hatch_labels(rows, [0.0] * len(rows), 1, HELL))


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
    return f"{text}. Soll {formats.percent(soll)}." if soll is not None else f"{text}."
