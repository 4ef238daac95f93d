"""How far is each unit: solid Ist in the outlined whole, the Soll as a line where a unit has one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard import formats, texts
from dashboard.figures.chart import Chart, Figure, TableData, columns, in_order, themed
from dashboard.figures.template import axis, bar, label_axis, layout, line, note, safe
from dashboard.theme import Palette
from metrics.result import Number

TOP, BOTTOM, LEFT = 24, 4, 228
SHARE = 62
# Longer names would run out of the drawing; the table has them in full.
LONGEST = 32


@dataclass(frozen=True, slots=True)
class BulletRow:
    """A unit with a part of its own whole; `target` is its Soll as a fraction, `short` its short name."""

    label: str
    part: int
    whole: int
    target: Number | None = None
    short: str = ""

    @property
    def share(self) -> float | None:
        """Part of the whole as a fraction; None without a whole."""
        return self.part / self.whole if self.whole else None


def share_bullets(
    rows: Sequence[BulletRow], *, first: str, part: str, whole: str, row_height: int = 26
) -> Chart:
    """Rows in the order given; `part` and `whole` are the words of numerator and denominator."""
    ordered = tuple(rows)
    height = TOP + BOTTOM + row_height * max(1, len(ordered))
    narrow: dict[str, Any] = {
        "margin.l": 24 + 7 * max([len(_short(row)) for row in ordered] or [1]),
        "margin.r": 60,
        "yaxis.ticktext": [safe(_short(row)) for row in ordered],
        "yaxis.tickfont.size": 12,
        # The pair stands in the table; the share stays.
        **{f"annotations.{2 * index + 1}.text": "" for index in range(len(ordered) + 1)},
        **{f"annotations.{2 * index}.xshift": 54 for index in range(len(ordered) + 1)},
    }
    figure = themed(lambda palette: _draw(ordered, palette, height, part), narrow=narrow, below=460)
    spots = in_order("y", [row.label for row in ordered])
    table = _table(ordered, first, part, whole)
    return Chart(figure, _sentence(ordered, first, part, whole), table, height, spots)


def _short(row: BulletRow) -> str:
    return _cut(row.short or row.label, 14)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def _right(rows: Sequence[BulletRow]) -> int:
    """Room for the share and the longest pair."""
    return SHARE + 18 + 7 * max([len(_pair(row)) for row in rows] or [6])


def _draw(rows: Sequence[BulletRow], palette: Palette, height: int, part: str) -> Figure:
    margin = (LEFT, _right(rows), TOP, BOTTOM)
    shape = layout(palette, margin, height, barmode="overlay", bargap=0.34)
    shape["xaxis"] = axis(palette, range=[0, 1.01], showticklabels=False)
    shape["yaxis"] = label_axis(palette, [_cut(row.label, LONGEST) for row in rows], ticklabelstandoff=8)
    shape["annotations"] = _side(rows, palette, part)
    shape["shapes"] = [
        line((float(row.target),) * 2, (index - 0.42, index + 0.42), palette["text"], width=2)
        for index, row in enumerate(rows)
        if row.target is not None
    ]
    places = list(range(len(rows)))
    frame = {"color": palette["flaeche"], "line": {"color": palette["plan"], "width": 1.25}}
    solid = {"color": palette["ist"], "line": {"color": palette["ist"], "width": 1}}
    whole = bar([1 if row.whole else 0 for row in rows], places, orientation="h", marker=frame, width=0.66)
    done = bar([row.share or 0 for row in rows], places, orientation="h", marker=solid, width=0.4)
    return {"data": [whole, done], "layout": shape}


def _side(rows: Sequence[BulletRow], palette: Palette, part: str) -> list[Any]:
    """Share and absolute pair at the right of each row."""
    place: dict[str, Any] = {"xref": "paper", "xanchor": "right"}
    right = _right(rows) - 4
    heads = ((part, SHARE), ("Anzahl", right))
    notes = [
        note(words, 1, 1, palette["text2"], yref="paper", yshift=11, xshift=x, **place) for words, x in heads
    ]
    for index, row in enumerate(rows):
        share, pair = formats.percent(row.share), _pair(row)
        notes.append(note(share, 1, index, palette["text"], size=13, weight=600, xshift=SHARE, **place))
        notes.append(note(pair, 1, index, palette["text2"], size=13, xshift=right, **place))
    return notes


def _pair(row: BulletRow) -> str:
    return f"{formats.number(row.part)} von {formats.number(row.whole)}"


def _sentence(rows: Sequence[BulletRow], first: str, part: str, whole: str) -> str:
    known = [row for row in rows if row.share is not None]
    if not known:
        return f"Balken nach {first} ohne Werte."
    best, last = (pick(known, key=lambda row: row.share or 0.0) for pick in (max, min))
    return (
        f"Balken, {texts.plural(len(known), 'Zeile', 'Zeilen')} nach {first}. {whole}, davon {part}: "
        f"von {best.label} {formats.percent(best.share)} bis {last.label} {formats.percent(last.share)}."
    )


def _table(rows: Sequence[BulletRow], first: str, part: str, whole: str) -> TableData:
    """A column for the Soll only where a unit has one."""
    with_soll = any(row.target is not None for row in rows)
    head = columns(first, part, whole, "Anteil", *(["Soll"] if with_soll else []))
    total = BulletRow("Summe", sum(row.part for row in rows), sum(row.whole for row in rows))
    body = tuple(_cells(row, with_soll) for row in rows)
    return TableData(f"{whole} nach {first}, davon {part}", head, body, _cells(total, with_soll))


def _cells(row: BulletRow, with_soll: bool) -> tuple[str, ...]:
    soll = (formats.percent(row.target),) if with_soll else ()
    return row.label, formats.number(row.part), formats.number(row.whole), formats.percent(row.share), *soll
