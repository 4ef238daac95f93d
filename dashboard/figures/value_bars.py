"""One bar for each member of a group, its figure beside it, a mark where a target is agreed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard import formats, texts
from dashboard.figures.amounts import Amounts, span
from dashboard.figures.chart import Chart, Column, Figure, TableData, in_order, themed
from dashboard.figures.template import axis, bar, label_axis, layout, line, note, safe, wrapped
from dashboard.theme import Palette
from metrics.result import Number, Rating

ROW, TOP, BOTTOM, RIGHT = 34, 24, 4, 76
# A card of half the width still holds the labels on one line.
NARROW = 480


@dataclass(frozen=True, slots=True)
class ValueRow:
    """A member with its figure; `hidden` is the text in place of a protected one."""

    label: str
    value: Number | None
    target: Number | None = None
    rating: Rating = "neu"
    hidden: str = ""


def value_bars(
    rows: Sequence[ValueRow], amounts: Amounts, *, first: str, caption: str, limit: int = 12
) -> Chart:
    """Bars in the order given; what goes beyond `limit` stands in the table only."""
    drawn, every = tuple(rows)[:limit], tuple(rows)
    has_target = any(row.target is not None for row in every)
    height = TOP + BOTTOM + ROW * max(1, len(drawn))
    narrow: dict[str, Any] = {
        "margin.l": 128,
        "yaxis.tickfont.size": 12,
        "yaxis.ticktext": [wrapped(safe(row.label), 16) for row in drawn],
    }
    figure = themed(
        lambda palette: _draw(drawn, amounts, has_target, palette, height), narrow=narrow, below=NARROW
    )
    table = _table(every, amounts, has_target, first, caption)
    spots = in_order("y", [row.label for row in drawn])
    return Chart(figure, _sentence(every, amounts, first), table, height, spots)


def _draw(
    rows: Sequence[ValueRow], amounts: Amounts, has_target: bool, palette: Palette, height: int
) -> Figure:
    low, high = span([v for row in rows for v in (row.value, row.target)])
    right = RIGHT + (60 if has_target else 0)
    shape = layout(palette, (196, right, TOP, BOTTOM), height, bargap=0.36)
    shape["xaxis"] = axis(palette, range=[low * 1.02, (high or 1) * 1.02], showticklabels=False)
    shape["yaxis"] = label_axis(palette, [row.label for row in rows], ticklabelstandoff=8)
    shape["shapes"] = [_mark(index, row, palette) for index, row in enumerate(rows) if row.target is not None]
    shape["annotations"] = _side(rows, amounts, has_target, palette)
    solid = {"color": palette["ist"]}
    values = [0.0 if row.value is None else float(row.value) for row in rows]
    return {"data": [bar(values, list(range(len(rows))), orientation="h", marker=solid)], "layout": shape}


def _mark(index: int, row: ValueRow, palette: Palette) -> dict[str, Any]:
    at = float(row.target or 0)
    return line((at, at), (index - 0.42, index + 0.42), palette["text"], width=2)


def _side(
    rows: Sequence[ValueRow], amounts: Amounts, has_target: bool, palette: Palette
) -> list[dict[str, Any]]:
    place: dict[str, Any] = {"xref": "paper", "xanchor": "right"}
    heads = [("Ist", 58), *([("Soll", 122)] if has_target else [])]
    notes = [
        note(words, 1, 1, palette["text2"], yref="paper", xshift=x, yshift=11, **place) for words, x in heads
    ]
    for index, row in enumerate(rows):
        text = safe(row.hidden) or amounts.bare(row.value)
        color = palette[row.rating] if row.rating in ("warn", "krit") else palette["text"]
        notes.append(note(text, 1, index, color, size=13, weight=600, xshift=58, **place))
        if has_target:
            notes.append(
                note(amounts.bare(row.target), 1, index, palette["text2"], size=13, xshift=122, **place)
            )
    return notes


def _sentence(rows: Sequence[ValueRow], amounts: Amounts, first: str) -> str:
    known = [row for row in rows if row.value is not None]
    if not known:
        return f"Balken nach {first} ohne Werte."
    most = max(known, key=lambda row: float(row.value or 0))
    least = min(known, key=lambda row: float(row.value or 0))
    count = texts.plural(len(rows), "Zeile", "Zeilen")
    ends = f"von {least.label} {amounts.full(least.value)} bis {most.label} {amounts.full(most.value)}"
    if len(known) < len(rows):
        # What is hidden or missing may be less than the least that is shown.
        ends = f"höchster gezeigter Wert {most.label} {amounts.full(most.value)}"
    elif len(known) == 1:
        ends = f"{most.label} {amounts.full(most.value)}"
    return f"Balken, {count} nach {first}: {ends}."


def _table(
    rows: Sequence[ValueRow], amounts: Amounts, has_target: bool, first: str, caption: str
) -> TableData:
    heads = [Column(first), Column("Ist", "right")]
    heads += [Column("Soll", "right"), Column("Bewertung")] if has_target else []
    return TableData(caption, tuple(heads), tuple(cells_of(row, amounts, has_target) for row in rows))


def cells_of(row: ValueRow, amounts: Amounts, has_target: bool) -> tuple[str, ...]:
    """Texts of a row: name, Ist, and where targets exist Soll and rating."""
    cells = [row.label, row.hidden or amounts.full(row.value)]
    if has_target:
        word = texts.RATING_WORDS[row.rating]
        cells += [amounts.full(row.target) if row.target is not None else formats.MISSING, word]
    return tuple(cells)
