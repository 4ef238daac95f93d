"""Horizontal bars in the order given, up to three lanes side by side: measures, or columns of one measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from dashboard import texts
from dashboard.figures.chart import Chart, Column, Figure, TableData, in_order, themed
from dashboard.figures.datum import Datum, Line, Measured, Noticed, clipped, folded, grid_table, reach
from dashboard.figures.template import axis, bar, label_axis, layout, line, note, safe
from dashboard.theme import Palette

MOST_LANES, MOST_ROWS = 3, 40
ROW, TOP, BOTTOM = 33, 28, 4
# Widths in px: labels, and the whole plot, on a wide screen and in a narrow card.
LABELS, PLOT, NARROW_LABELS, NARROW_PLOT = 206, 500.0, 96, 176.0
DIGIT, AIR = 7.2, 10.0
LETTERS, FEW_LETTERS = 26, 14
Base = Literal["", "vj", "plan"]


@dataclass(frozen=True, slots=True)
class Lanes:
    """Geometry of the lanes on an axis from 0 to their number: where zero lies and how long one unit is."""

    spans: tuple[tuple[float, float], ...]
    parts: tuple[float, ...]
    before: tuple[float, ...]

    def zero(self, lane: int) -> float:
        """Where the bars of a lane begin."""
        low, high = self.spans[lane]
        return lane + self.before[lane] + self.parts[lane] * -low / (high - low)

    def length(self, lane: int, value: float) -> float:
        """How far a value reaches from zero."""
        low, high = self.spans[lane]
        return self.parts[lane] * value / (high - low)


def lane_bars(
    rows: Sequence[Line],
    lanes: Sequence[Measured],
    *,
    first: str,
    caption: str,
    same_scale: bool = False,
    base: Base = "",
    base_label: str = "",
) -> Noticed:
    """Bars of `rows` (one figure per lane); `same_scale` for columns of one measure.

    `base` draws what figures are compared with: „vj“ as grey bar behind, „plan“ as line. A hidden figure is
    its mark at the begin of the lane, whatever it is.
    """
    shown = tuple(lanes)[:MOST_LANES]
    cut = [Line(row.label, row.data[:MOST_LANES]) for row in rows]
    drawn = cut[:MOST_ROWS]
    height = TOP + BOTTOM + ROW * max(1, len(drawn))
    wide = _lanes(drawn, len(shown), PLOT, same_scale=same_scale)
    tight = _lanes(drawn, len(shown), NARROW_PLOT, same_scale=same_scale)
    figure = themed(
        lambda palette: _draw(drawn, shown, wide, base, palette, height),
        narrow=_narrow(drawn, shown, tight, base),
        below=520,
    )
    table = _table(cut, shown, first, caption, base_label if base else "")
    spots = in_order("y", [row.label for row in drawn])
    chart = Chart(figure, _sentence(cut, shown, first), table, height, spots)
    return Noticed(chart, _notices(rows, lanes), _legend(base, base_label))


def _lanes(rows: Sequence[Line], count: int, plot: float, *, same_scale: bool) -> Lanes:
    spans = [reach(_values(row.data[lane] for row in rows)) for lane in range(count)]
    if same_scale:
        whole = (min(low for low, _ in spans), max(high for _, high in spans))
        spans = [whole] * count
    room = [max([len(row.data[lane].mark) for row in rows] or [0]) * DIGIT + AIR for lane in range(count)]
    each = plot / max(1, count)
    before = [min(0.36, wide / each) if low < 0 else 0.0 for (low, _), wide in zip(spans, room, strict=True)]
    parts = [max(0.2, 1 - wide / each - lead) for wide, lead in zip(room, before, strict=True)]
    return Lanes(tuple(spans), tuple(parts), tuple(before))


def _values(data: Any) -> list[float]:
    return [value for datum in data for value in (datum.value, datum.base) if value is not None]


def _draw(
    rows: Sequence[Line], heads: Sequence[Measured], lanes: Lanes, base: Base, palette: Palette, height: int
) -> Figure:
    shape = layout(palette, (LABELS, 8, TOP, BOTTOM), height, barmode="overlay", bargap=0.3)
    shape["xaxis"] = axis(palette, range=[0, max(1, len(heads))], showticklabels=False)
    shape["yaxis"] = label_axis(palette, [""] * len(rows), ticklabelstandoff=8)
    shape["yaxis"]["ticktext"] = [folded(row.label, LETTERS) for row in rows]
    shape["annotations"] = [*_heads(heads, palette), *_marks(rows, lanes, palette)]
    count = len(heads)
    shape["shapes"] = [_ground(lane, lanes, len(rows), palette) for lane in range(count)]
    if base == "plan":
        shape["shapes"] += [_target(*place, lanes, palette) for place in _with_base(rows)]
    traces = [_bars(rows, lane, lanes, palette, base) for lane in range(count)]
    if base == "vj":
        traces = [*(_behind(rows, lane, lanes, palette) for lane in range(count)), *traces]
    return {"data": traces, "layout": shape}


def _bars(rows: Sequence[Line], lane: int, lanes: Lanes, palette: Palette, base: Base) -> dict[str, Any]:
    known = [(at, row.data[lane].value) for at, row in enumerate(rows) if row.data[lane].value is not None]
    return bar(
        [lanes.length(lane, value or 0.0) for _, value in known],
        [at for at, _ in known],
        base=[lanes.zero(lane)] * len(known),
        orientation="h",
        width=0.5 if base == "vj" else 0.64,
        offset=-0.2 if base == "vj" else -0.32,
        marker={"color": palette["ist"]},
    )


def _behind(rows: Sequence[Line], lane: int, lanes: Lanes, palette: Palette) -> dict[str, Any]:
    known = [(at, row.data[lane].base) for at, row in enumerate(rows) if row.data[lane].base is not None]
    return bar(
        [lanes.length(lane, value or 0.0) for _, value in known],
        [at for at, _ in known],
        base=[lanes.zero(lane)] * len(known),
        orientation="h",
        width=0.5,
        offset=-0.36,
        marker={"color": palette["vj"]},
    )


def _with_base(rows: Sequence[Line]) -> list[tuple[int, int, float]]:
    return [
        (at, lane, datum.base)
        for at, row in enumerate(rows)
        for lane, datum in enumerate(row.data)
        if datum.base is not None
    ]


def _target(at: int, lane: int, value: float, lanes: Lanes, palette: Palette) -> dict[str, Any]:
    x = lanes.zero(lane) + lanes.length(lane, value)
    return line((x, x), (at - 0.42, at + 0.42), palette["plan"], width=2)


def _ground(lane: int, lanes: Lanes, count: int, palette: Palette) -> dict[str, Any]:
    zero = lanes.zero(lane)
    return line((zero, zero), (-0.5, count - 0.5), palette["achse"], layer="below")


def _heads(heads: Sequence[Measured], palette: Palette) -> list[dict[str, Any]]:
    letters = int(PLOT / max(1, len(heads)) / 7)
    place: dict[str, Any] = {"yref": "paper", "yshift": 13, "xanchor": "left"}
    return [
        note(safe(clipped(head.title, letters)), lane, 1, palette["text2"], **place)
        for lane, head in enumerate(heads)
    ]


def _marks(rows: Sequence[Line], lanes: Lanes, palette: Palette) -> list[dict[str, Any]]:
    return [
        _mark(at, lane, datum, lanes, palette)
        for at, row in enumerate(rows)
        for lane, datum in enumerate(row.data)
    ]


def _mark(at: int, lane: int, datum: Datum, lanes: Lanes, palette: Palette) -> dict[str, Any]:
    """The figure at the end of its bar; a hidden one always at zero, in secondary ink."""
    value = datum.value or 0.0
    left = value < 0
    ink = palette["text"] if datum.value is not None else palette["text2"]
    return note(
        safe(datum.mark or datum.text), _end(lane, datum, lanes), at, ink, size=13,
        weight=600 if datum.value is not None else 400,
        xanchor="right" if left else "left", xshift=-5 if left else 5,
    )  # fmt: skip


def _end(lane: int, datum: Datum, lanes: Lanes) -> float:
    value, base = datum.value or 0.0, datum.base or 0.0
    far = min(value, base) if value < 0 else max(value, base, 0.0)
    return lanes.zero(lane) + lanes.length(lane, far)


def _narrow(rows: Sequence[Line], heads: Sequence[Measured], lanes: Lanes, base: Base) -> dict[str, Any]:
    """The same lanes with more room for words and less for bars."""
    count, small = len(heads), len(heads) > 1
    changes: dict[str, Any] = {
        "margin.l": NARROW_LABELS,
        "yaxis.tickfont.size": 11,
        "yaxis.ticktext": [folded(row.label, FEW_LETTERS) for row in rows],
    }
    for lane, head in enumerate(heads):
        changes[f"annotations.{lane}.text"] = safe(clipped(head.title, 26 // count))
        changes |= {f"shapes.{lane}.{end}": lanes.zero(lane) for end in ("x0", "x1")}
    for place, (row, lane) in enumerate((row, lane) for row in rows for lane in range(count)):
        changes[f"annotations.{count + place}.x"] = _end(lane, row.data[lane], lanes)
        if small:
            changes[f"annotations.{count + place}.font.size"] = 11
    return changes | _narrow_base(rows, lanes, base, count) | _narrow_bars(rows, lanes, base, count)


def _narrow_bars(rows: Sequence[Line], lanes: Lanes, base: Base, count: int) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    begin = count if base == "vj" else 0
    for lane in range(count):
        known = [row.data[lane].value for row in rows if row.data[lane].value is not None]
        changes[f"data.{begin + lane}.x"] = [lanes.length(lane, value or 0.0) for value in known]
        changes[f"data.{begin + lane}.base"] = [lanes.zero(lane)] * len(known)
    return changes


def _narrow_base(rows: Sequence[Line], lanes: Lanes, base: Base, count: int) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if base == "plan":
        for place, (_, lane, value) in enumerate(_with_base(rows)):
            x = lanes.zero(lane) + lanes.length(lane, value)
            changes |= {f"shapes.{count + place}.{end}": x for end in ("x0", "x1")}
    if base == "vj":
        for lane in range(count):
            known = [row.data[lane].base for row in rows if row.data[lane].base is not None]
            changes[f"data.{lane}.x"] = [lanes.length(lane, value or 0.0) for value in known]
            changes[f"data.{lane}.base"] = [lanes.zero(lane)] * len(known)
    return changes


def _notices(rows: Sequence[Line], lanes: Sequence[Measured]) -> tuple[str, ...]:
    notices = []
    if len(rows) > MOST_ROWS:
        notices.append(
            f"Gezeichnet sind die ersten {MOST_ROWS} von {len(rows)} Zeilen; alle stehen in der Tabelle."
        )
    if len(lanes) > MOST_LANES:
        notices.append(
            f"Nebeneinander stehen die ersten {MOST_LANES} von {len(lanes)} Spalten; alle zeigt die Ansicht"
            " „Pivot“."
        )
    return tuple(notices)


def _legend(base: Base, words: str) -> tuple[tuple[str, str], ...]:
    if not base:
        return ()
    return (("ist", "Ist"), ("vj" if base == "vj" else "mark", words))


def _sentence(rows: Sequence[Line], heads: Sequence[Measured], first: str) -> str:
    count = texts.plural(len(rows), "Zeile", "Zeilen")
    told = [words for lane, head in enumerate(heads) if (words := _ends(rows, lane, head))]
    tail = f": {'; '.join(told)}" if told else " ohne Werte"
    return f"Balken, {count} nach {first}{tail}."


def _ends(rows: Sequence[Line], lane: int, head: Measured) -> str:
    """From the least to the most; only the most where something is hidden, as that may be less."""
    known = [(row.label, row.data[lane]) for row in rows if row.data[lane].value is not None]
    if not known:
        return ""
    most = max(known, key=lambda item: item[1].value or 0.0)
    least = min(known, key=lambda item: item[1].value or 0.0)
    if len(known) < len(rows) or len(known) == 1:
        return f"{head.label} höchster gezeigter Wert {most[0]} {most[1].text}"
    return f"{head.label} von {least[0]} {least[1].text} bis {most[0]} {most[1].text}"


def _table(
    rows: Sequence[Line], heads: Sequence[Measured], first: str, caption: str, base_label: str
) -> TableData:
    if not base_label:
        return grid_table(caption, first, [head.label for head in heads], rows)
    columns = [Column(first)]
    for head in heads:
        columns += [Column(head.label, "right"), Column(f"{head.label}, {base_label}", "right")]
    body = tuple(
        (row.label, *(text for datum in row.data for text in (datum.text, datum.base_text))) for row in rows
    )
    return TableData(caption, tuple(columns), body)
