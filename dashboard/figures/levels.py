"""Rows of services by stage of the Reifegrad, shared by the charts about stages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard import formats, texts
from dashboard.figures.chart import TableData, columns
from dashboard.figures.template import bar, hatch, note, safe
from dashboard.theme import Palette
from metrics.result import Number, Rating

ONLINE = ("3", "4")
OFFLINE = ("0", "1", "2")
UNRATED = "ohne"
STAGES = ("4", "3", "2", "1", "0")
# Parts below this have no room for their count even on a wide screen.
LEAST_LABELLED = 0.045


@dataclass(frozen=True, slots=True)
class LevelRow:
    """Services of a Themenfeld or unit by stage; keys „0“ to „4“ and „ohne“ (not assessed)."""

    label: str
    counts: Mapping[str, int]
    rating: Rating = "neu"

    @property
    def total(self) -> int:
        """All services of the row, assessed or not."""
        return sum(self.counts.values())

    @property
    def online(self) -> int:
        """Services on stage 3 or 4."""
        return sum(self.counts.get(level, 0) for level in ONLINE)

    @property
    def online_share(self) -> Number | None:
        """Part online as a fraction; None for a row without services."""
        return self.online / self.total if self.total else None


def stages_of(rows: Sequence[LevelRow]) -> tuple[str, ...]:
    """Stages to draw, online first; services without assessment only where there are some."""
    return (*STAGES, UNRATED) if any(row.counts.get(UNRATED) for row in rows) else STAGES


def fill(level: str, palette: Palette) -> dict[str, Any]:
    """Marker of a stage: light and outlined below the legal threshold, solid above it."""
    if level in ONLINE:
        return {"color": palette[f"rg{level}"], "line": {"color": palette["flaeche"], "width": 1}}
    marker: dict[str, Any] = {
        "color": palette["flaeche"] if level == UNRATED else palette[f"rg{level}"],
        "line": {"color": palette["rg-linie"], "width": 1},
    }
    if level == "0":
        marker["pattern"] = hatch(palette["rg0-muster"], palette["rg0"])
    return marker


def segment(rows: Sequence[LevelRow], level: str, sign: int, palette: Palette) -> dict[str, Any]:
    """Horizontal bars of one stage as part of each row's total; `sign` -1 draws to the left."""
    parts = [row.counts.get(level, 0) / row.total if row.total else 0.0 for row in rows]
    wide = [part > LEAST_LABELLED for part in parts]
    shown = [formats.number(row.counts.get(level, 0)) if w else "" for row, w in zip(rows, wide, strict=True)]
    return bar(
        [sign * part for part in parts],
        list(range(len(rows))),
        orientation="h",
        marker=fill(level, palette),
        text=[] if level == "0" else shown,
        textposition="inside",
        insidetextanchor="middle",
        textfont={"size": 12, "color": palette[f"auf-rg{level}" if level in ONLINE else "auf-rg-hell"]},
    )


def hatch_labels(rows: Sequence[LevelRow], starts: Sequence[float], sign: int, palette: Palette) -> list[Any]:
    """Counts on hatched bars; they need a quiet ground to be read."""
    notes = []
    for index, (row, start) in enumerate(zip(rows, starts, strict=True)):
        part = row.counts.get("0", 0) / row.total if row.total else 0.0
        if part > LEAST_LABELLED:
            text, middle = formats.number(row.counts["0"]), sign * (start + part / 2)
            notes.append(note(text, middle, index, palette["text"], bgcolor=palette["flaeche"], borderpad=0))
    return notes


def side_columns(rows: Sequence[LevelRow], palette: Palette, offsets: tuple[int, int]) -> list[Any]:
    """Share online and number of services at the right of each row, right-aligned at px offsets."""
    notes = [
        note(head, 1, 1, palette["text2"], xref="paper", yref="paper", xshift=x, yshift=12, xanchor="right")
        for head, x in zip(("ab RG 3", "Anzahl"), offsets, strict=True)
    ]
    for index, row in enumerate(rows):
        color = palette[row.rating] if row.rating in ("warn", "krit") else palette["text"]
        place: dict[str, Any] = {"xref": "paper", "xanchor": "right"}
        share = formats.percent(row.online_share)
        notes.append(note(share, 1, index, color, size=13, weight=600, xshift=offsets[0], **place))
        count = formats.number(row.total)
        notes.append(note(count, 1, index, palette["text2"], size=13, xshift=offsets[1], **place))
    return notes


def without_counts(rows: Sequence[Any]) -> dict[str, str]:
    """Narrow change that leaves out the column „Anzahl“ of `side_columns`; the table keeps it."""
    return {f"annotations.{1 + 2 * index}.text": "" for index in range(len(rows) + 1)}


def fitting_counts(
    rows: Sequence[LevelRow], traces: Sequence[Mapping[str, Any]], first: int, part_px: float
) -> dict[str, Any]:
    """Narrow change that leaves out counts wider than their part of the bar.

    `first` is the first note of `hatch_labels`, `part_px` the width in px of a bar that is a whole row.
    """
    changes: dict[str, Any] = {
        f"data.{index}.text": [
            text if _fits(text, part, part_px) else ""
            for text, part in zip(trace["text"], trace["x"], strict=True)
        ]
        for index, trace in enumerate(traces)
        if trace["text"]
    }
    hatched = [row for row in rows if row.total and row.counts.get("0", 0) / row.total > LEAST_LABELLED]
    for index, row in enumerate(hatched):
        if not _fits(formats.number(row.counts["0"]), row.counts["0"] / row.total, part_px):
            changes[f"annotations.{first + index}.text"] = ""
    return changes


def _fits(text: str, part: float, part_px: float) -> bool:
    return abs(part) * part_px >= 5 + 7 * len(text)


def level_table(caption: str, first: str, rows: Sequence[LevelRow]) -> TableData:
    """Counts per stage, sum and share online: the values of every chart about stages."""
    stages = tuple(reversed(STAGES)) + ((UNRATED,) if UNRATED in stages_of(rows) else ())
    head = columns(first, *(texts.stage(s) for s in stages), "Anzahl", "ab RG 3")
    return TableData(caption, head, tuple(_cells(row, stages) for row in rows), _cells(_sum(rows), stages))


def _cells(row: LevelRow, stages: Sequence[str]) -> tuple[str, ...]:
    counts = (formats.number(row.counts.get(s, 0)) for s in stages)
    return (row.label, *counts, formats.number(row.total), formats.percent(row.online_share))


def _sum(rows: Sequence[LevelRow]) -> LevelRow:
    levels = {level for row in rows for level in row.counts}
    return LevelRow("Summe", {level: sum(row.counts.get(level, 0) for row in rows) for level in levels})


def safe_labels(rows: Sequence[LevelRow]) -> list[str]:
    """Row labels as Plotly may show them."""
    return [safe(row.label) for row in rows]
