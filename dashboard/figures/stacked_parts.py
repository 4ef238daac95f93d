"""What a whole is made of: 100-percent bars by group, at most five parts and „Übrige“."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard import formats, texts
from dashboard.figures.chart import Chart, Column, Figure, TableData, in_order, themed
from dashboard.figures.template import axis, bar, label_axis, layout, note, safe, wrapped
from dashboard.theme import Palette, contrast
from metrics.result import Number

ROW, TOP, BOTTOM, RIGHT = 31, 26, 4, 64
MOST = 5
REST = "Übrige"
# Width in px of a whole row on a wide screen, of a digit and of the air beside a count.
WIDE_PX, DIGIT, AIR = 340.0, 7.0, 6.0


@dataclass(frozen=True, slots=True)
class PartRow:
    """A group with the amount of each part, in the order of the parts; `hidden` replaces protected ones."""

    label: str
    amounts: tuple[Number, ...]
    hidden: str = ""

    @property
    def total(self) -> float:
        """All parts together."""
        return sum(float(v) for v in self.amounts)


def gathered(parts: Sequence[str], rows: Sequence[PartRow]) -> tuple[tuple[str, ...], tuple[PartRow, ...]]:
    """Join what goes beyond five parts as „Übrige“, always last."""
    if len(parts) <= MOST:
        return tuple(parts), tuple(rows)
    joined = tuple(
        PartRow(row.label, (*row.amounts[:MOST], sum(float(v) for v in row.amounts[MOST:])), row.hidden)
        if row.amounts else row
        for row in rows
    )  # fmt: skip
    return (*parts[:MOST], REST), joined


def tokens(parts: Sequence[str]) -> tuple[str, ...]:
    """Colour tokens of the parts in their order."""
    return tuple("uebrige" if name == REST else f"kat{i}" for i, name in enumerate(parts, start=1))


def stacked_parts(
    parts: Sequence[str], rows: Sequence[PartRow], *, first: str, caption: str, limit: int = 12
) -> Chart:
    """Bars in the order given, counts inside, totals at the right."""
    shown, every = gathered(parts, rows)
    drawn = every[:limit]
    height = TOP + BOTTOM + ROW * max(1, len(drawn))
    narrow: dict[str, Any] = {
        "margin.l": 118,
        "yaxis.tickfont.size": 12,
        "yaxis.ticktext": [wrapped(safe(row.label), 15) for row in drawn],
        "xaxis.showticklabels": False,
        **{f"data.{i}.text": [""] * len(drawn) for i in range(len(shown))},
    }
    figure = themed(lambda palette: _draw(shown, drawn, palette, height), narrow=narrow)
    spots = in_order("y", [row.label for row in drawn])
    table = _table(parts, rows, first, caption)
    return Chart(figure, _sentence(shown, every, first), table, height, spots)


def _draw(parts: Sequence[str], rows: Sequence[PartRow], palette: Palette, height: int) -> Figure:
    shape = layout(palette, (206, RIGHT, TOP, BOTTOM), height, barmode="stack", bargap=0.3)
    ticks = [0, 0.25, 0.5, 0.75]
    shape["xaxis"] = axis(
        palette, range=[0, 1], side="top", tickvals=ticks, ticktext=[formats.percent(v, 0) for v in ticks]
    )
    shape["yaxis"] = label_axis(palette, [row.label for row in rows], ticklabelstandoff=8)
    shape["annotations"] = _totals(rows, palette)
    return {
        "data": [_part(i, token, rows, palette) for i, token in enumerate(tokens(parts))],
        "layout": shape,
    }


def _part(index: int, token: str, rows: Sequence[PartRow], palette: Palette) -> dict[str, Any]:
    shares = [_share(row, index) for row in rows]
    inside = max(("text", "flaeche"), key=lambda name: contrast(palette[name], palette[token]))
    return bar(
        shares,
        list(range(len(rows))),
        orientation="h",
        marker={"color": palette[token], "line": {"color": palette["flaeche"], "width": 1}},
        text=[
            _fitting(formats.number(row.amounts[index]), share) if row.amounts else ""
            for row, share in zip(rows, shares, strict=True)
        ],
        textposition="inside",
        insidetextanchor="middle",
        insidetextfont={"size": 12, "color": palette[inside]},
    )


def _fitting(count: str, share: float) -> str:
    """The count where its part has room for it."""
    return count if share * WIDE_PX >= DIGIT * len(count) + AIR else ""


def _share(row: PartRow, index: int) -> float:
    return float(row.amounts[index]) / row.total if row.amounts and row.total else 0.0


def _totals(rows: Sequence[PartRow], palette: Palette) -> list[dict[str, Any]]:
    place: dict[str, Any] = {"xref": "paper", "xanchor": "right", "xshift": RIGHT - 6}
    notes = [note("Anzahl", 1, 1, palette["text2"], yref="paper", yshift=12, **place)]
    for index, row in enumerate(rows):
        text = safe(row.hidden) or formats.number(row.total)
        notes.append(note(text, 1, index, palette["text"], size=13, weight=600, **place))
    return notes


def leading_part(parts: Sequence[str], rows: Sequence[PartRow]) -> tuple[str, float] | None:
    """The part with the largest share of all groups together, None where nothing is known or hidden."""
    known = [row for row in rows if row.amounts]
    whole = sum(row.total for row in known)
    if not whole or any(row.hidden for row in rows):
        return None
    sums = [sum(float(row.amounts[i]) for row in known) for i in range(len(parts))]
    index = max(range(len(parts)), key=sums.__getitem__)
    return parts[index], sums[index] / whole


def _sentence(parts: Sequence[str], rows: Sequence[PartRow], first: str) -> str:
    most = leading_part(parts, rows)
    count = texts.plural(len(rows), "Zeile", "Zeilen")
    tail = f" Größter Teil: {most[0]} mit {formats.percent(most[1])}." if most else ""
    return f"Gestapelte Balken zu 100 Prozent, {count} nach {first}, Teile {texts.listed(parts)}.{tail}"


def _table(parts: Sequence[str], rows: Sequence[PartRow], first: str, caption: str) -> TableData:
    heads = (Column(first), *(Column(part, "right") for part in parts), Column("Summe", "right"))
    return TableData(caption, heads, tuple(_cells(row, len(parts)) for row in rows))


def _cells(row: PartRow, count: int) -> tuple[str, ...]:
    if not row.amounts:
        return (row.label, *[row.hidden or formats.MISSING] * (count + 1))
    return (row.label, *(formats.number(v) for v in row.amounts), formats.number(row.total))
