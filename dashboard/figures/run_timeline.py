"""How long each step of a run took: bars on a clock axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dashboard import formats
from dashboard.figures.chart import Chart, Column, Figure, TableData, themed
from dashboard.figures.template import axis, bar, label_axis, layout, note, safe
from dashboard.theme import Palette
from metrics.result import Rating

ROW, TOP, BOTTOM = 25, 2, 24
LEAST_PART = 120
"""A step is drawn at least as long as this part of the axis, so that short ones can be seen."""

WORDS = {"gut": "erfolgreich", "warn": "mit Hinweis", "krit": "fehlgeschlagen", "neu": "läuft"}


@dataclass(frozen=True, slots=True)
class RunStep:
    """One step with aware times; `note` says what came out, `state` whether it needs attention."""

    label: str
    started_at: datetime
    finished_at: datetime
    note: str = ""
    state: Rating = "gut"


# Part of the axis the words beside a bar need.
ROOM_FOR_WORDS = 0.3


def run_timeline(steps: Sequence[RunStep], *, zone: ZoneInfo, caption: str) -> Chart:
    """Bars in the order of the run, on the local clock."""
    ordered = tuple(steps)
    height = TOP + BOTTOM + ROW * max(1, len(ordered))
    narrow = {"margin.l": 148, "margin.r": 12, "xaxis.nticks": 3, "annotations": []}
    tiny = {"margin.r": 32, **_ends(ordered, zone)}
    figure = themed(lambda palette: _draw(ordered, palette, height, zone), narrow=narrow, tiny=tiny)
    return Chart(figure, _sentence(ordered, zone), _table(ordered, zone, caption), height)


def _ends(steps: Sequence[RunStep], zone: ZoneInfo) -> dict[str, Any]:
    """Only beginning and end on the clock: more would cover each other on the smallest screens."""
    if not steps:
        return {}
    return {"xaxis.tickmode": "array", "xaxis.tickvals": [_local(moment, zone) for moment in _span(steps)]}


def _span(steps: Sequence[RunStep]) -> tuple[datetime, datetime]:
    first, last = min(s.started_at for s in steps), max(s.finished_at for s in steps)
    return first, max(last, first + timedelta(seconds=10))


def _local(value: datetime, zone: ZoneInfo) -> str:
    return value.astimezone(zone).replace(tzinfo=None).isoformat()


def _draw(steps: Sequence[RunStep], palette: Palette, height: int, zone: ZoneInfo) -> Figure:
    shape = layout(palette, (154, 24, TOP, BOTTOM), height, bargap=0.42)
    shape["yaxis"] = label_axis(palette, [step.label for step in steps], ticklabelstandoff=10)
    if not steps:
        return {"data": [], "layout": {**shape, "xaxis": axis(palette)}}
    first, end = _span(steps)
    shape["xaxis"] = axis(
        palette,
        type="date",
        range=[_local(first, zone), _local(end, zone)],
        tickformat="%H:%M" if end - first > timedelta(minutes=3) else "%H:%M:%S",
        nticks=8,
        showgrid=True,
        gridcolor=palette["raster"],
    )
    shape["annotations"] = [_note(i, s, first, end, palette, zone) for i, s in enumerate(steps)]
    least = (end - first) / LEAST_PART
    return {"data": [_bar(i, s, least, palette, zone) for i, s in enumerate(steps)], "layout": shape}


def _bar(index: int, step: RunStep, least: timedelta, palette: Palette, zone: ZoneInfo) -> dict[str, Any]:
    colors = {
        "gut": (palette["ist"], palette["ist"]),
        "warn": (palette["warn-zeichen"], palette["warn"]),
        "krit": (palette["krit-zeichen"], palette["krit"]),
        "neu": (palette["flaeche"], palette["ist"]),
    }
    fill, stroke = colors[step.state]
    length = max(step.finished_at - step.started_at, least) / timedelta(milliseconds=1)
    return bar(
        [length],
        [index],
        base=[_local(step.started_at, zone)],
        orientation="h",
        marker={"color": fill, "line": {"color": stroke, "width": 1}},
        text=["!" if step.state == "warn" else "×" if step.state == "krit" else ""],
        textposition="inside",
        insidetextanchor="start",
        textfont={
            "size": 12,
            "weight": 600,
            "color": palette[f"{step.state}-marke"] if step.state in ("warn", "krit") else palette["flaeche"],
        },
    )


def _note(
    index: int, step: RunStep, first: datetime, end: datetime, palette: Palette, zone: ZoneInfo
) -> dict[str, Any]:
    drawn_end = max(step.finished_at, step.started_at + (end - first) / LEAST_PART)
    before, after = (step.started_at - first) / (end - first), (end - drawn_end) / (end - first)
    words = safe(step.note)
    if max(before, after) < ROOM_FOR_WORDS:
        # A long bar leaves no room on either side; its words stand at its right end.
        ink = palette.get(
            f"{step.state}-marke" if step.state in ("warn", "krit") else "flaeche", palette["text"]
        )
        return note(words, _local(drawn_end, zone), index, ink, xanchor="right", xshift=-8)
    if before > after:
        return note(words, _local(step.started_at, zone), index, palette["text2"], xanchor="right", xshift=-8)
    return note(words, _local(drawn_end, zone), index, palette["text2"], xanchor="left", xshift=8)


def _sentence(steps: Sequence[RunStep], zone: ZoneInfo) -> str:
    if not steps:
        return "Zeitbalken ohne Schritte."
    start, end = min(s.started_at for s in steps), max(s.finished_at for s in steps)
    flagged = [s.label for s in steps if s.state in ("warn", "krit")]
    tail = f" Mit Hinweis: {', '.join(flagged)}." if flagged else " Ohne Hinweise."
    return f"Zeitbalken von {formats.clock(start, zone)} bis {formats.clock(end, zone)}.{tail}"


def _table(steps: Sequence[RunStep], zone: ZoneInfo, caption: str) -> TableData:
    head = (
        Column("Schritt"),
        Column("Beginn", "right"),
        Column("Ende", "right"),
        Column("Dauer", "right"),
        Column("Ergebnis"),
        Column("Zustand"),
    )
    rows = tuple(
        (
            s.label,
            formats.clock_seconds(s.started_at, zone),
            formats.clock_seconds(s.finished_at, zone),
            formats.duration(s.finished_at - s.started_at),
            s.note or formats.MISSING,
            WORDS[s.state],
        )
        for s in steps
    )
    return TableData(caption, head, rows)
