"""Stacked horizontal bars of what can be added: amounts on one scale, or shares of each row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboard import texts
from dashboard.figures.chart import Chart, Figure, in_order, themed
from dashboard.figures.datum import (
    MOST_SERIES,
    REST,
    Datum,
    Line,
    Measured,
    Noticed,
    folded,
    grid_table,
    reach,
)
from dashboard.figures.paint import Paint, paints
from dashboard.figures.template import axis, bar, label_axis, layout, note, safe
from dashboard.theme import Palette, light

MOST_ROWS = 40
ROW, TOP, BOTTOM, LABELS = 33, 26, 4, 206
LETTERS, FEW_LETTERS = 26, 15
# Width in px of the plot on a wide screen, of a digit and of the air beside a figure.
WIDE_PX, DIGIT, AIR = 420.0, 7.2, 8.0


def stacked_bars(
    parts: Sequence[str],
    rows: Sequence[Line],
    measured: Measured,
    *,
    first: str,
    caption: str,
    whole: bool = False,
    stages: Sequence[str] = (),
) -> Noticed:
    """Bars of `rows` with one figure per part, none below zero; `whole` for shares of the row (fractions).

    Beyond five parts the smaller ones are joined as „Übrige“, unless they are `stages` of the Reifegrad.
    Hidden parts have no length: their marks stand behind the bar. The table holds every part.
    """
    names, joined = (tuple(parts), list(rows)) if stages else gathered(parts, rows)
    colours = paints(names, stages)
    drawn = joined[:MOST_ROWS]
    height = TOP + BOTTOM + ROW * max(1, len(drawn))
    side = [_side(row, measured, whole=whole) for row in drawn]
    right = 12 + round(max([len(text) for text in side] or [0]) * DIGIT)
    narrow: dict[str, Any] = {
        "margin.l": 112,
        "yaxis.tickfont.size": 12,
        "yaxis.ticktext": [folded(row.label, FEW_LETTERS) for row in drawn],
        "xaxis.showticklabels": False,
        **{f"data.{place}.text": [""] * len(drawn) for place in range(len(names))},
    }
    top = 1.0 if whole else reach(_total(row) for row in drawn)[1]
    quiet = len(_on_hatching(colours, drawn, measured, top, light()))
    narrow |= {f"annotations.{len(drawn) + at}.text": "" for at in range(quiet)}
    figure = themed(
        lambda palette: _draw(colours, drawn, side, measured, (top, right, height), palette, whole=whole),
        narrow=narrow,
    )
    table = grid_table(caption, first, parts, rows)
    spots = in_order("y", [row.label for row in drawn])
    chart = Chart(figure, _sentence(names, rows, first, whole=whole), table, height, spots)
    legend = tuple((paint.swatch, name) for paint, name in zip(colours, names, strict=True))
    return Noticed(chart, _notices(0 if stages else len(parts), len(rows)), legend)


def gathered(parts: Sequence[str], rows: Sequence[Line]) -> tuple[tuple[str, ...], list[Line]]:
    """Keep the five largest parts in their order and join the known amounts of the others as „Übrige“.

    What is hidden keeps its mark behind the row; sizes are those of the figures shown, of nothing else.
    """
    if len(parts) <= MOST_SERIES:
        return tuple(parts), list(rows)
    sizes = [sum(row.data[place].value or 0.0 for row in rows) for place in range(len(parts))]
    large = sorted(sorted(range(len(parts)), key=lambda place: -sizes[place])[:MOST_SERIES])
    return (*(parts[place] for place in large), REST), [_gathered(row, large) for row in rows]


def _gathered(row: Line, large: Sequence[int]) -> Line:
    others = [datum for place, datum in enumerate(row.data) if place not in large]
    rest = sum(datum.value or 0.0 for datum in others)
    marks = tuple(datum for datum in others if datum.hidden)
    return Line(row.label, (*(row.data[place] for place in large), Datum(rest), *marks))


def _total(row: Line) -> float:
    return sum(row.known)


def _side(row: Line, measured: Measured, *, whole: bool) -> str:
    """Behind a bar: what its parts add up to, and the marks of hidden ones."""
    marks = row.marks
    hidden = "" if not marks else marks[0] if len(marks) == 1 else f"{len(marks)}-mal {marks[0]}"
    if whole or not row.known:
        return hidden
    total = measured.amounts.bare(_total(row))
    return f"{total} + {hidden}" if hidden else total


def _draw(
    colours: Sequence[Paint],
    rows: Sequence[Line],
    side: Sequence[str],
    measured: Measured,
    size: tuple[float, int, int],
    palette: Palette,
    *,
    whole: bool,
) -> Figure:
    top, right, height = size
    shape = layout(palette, (LABELS, right, TOP, BOTTOM), height, barmode="stack", bargap=0.3)
    steps = [0, 0.25, 0.5, 0.75, 1] if whole else []
    shape["xaxis"] = axis(
        palette,
        range=[0, top],
        side="top",
        showticklabels=whole,
        tickvals=steps,
        ticktext=[measured.amounts.tick(step) for step in steps],
    )
    shape["yaxis"] = label_axis(palette, [""] * len(rows), ticklabelstandoff=8)
    shape["yaxis"]["ticktext"] = [folded(row.label, LETTERS) for row in rows]
    shape["annotations"] = [
        _behind(at, row, text, top, palette, whole=whole)
        for at, (row, text) in enumerate(zip(rows, side, strict=True))
    ]
    shape["annotations"] += _on_hatching(colours, rows, measured, top, palette)
    traces = [_part(place, paint, rows, measured, top, palette) for place, paint in enumerate(colours)]
    return {"data": traces, "layout": shape}


def _behind(at: int, row: Line, text: str, top: float, palette: Palette, *, whole: bool) -> dict[str, Any]:
    """At the end of the bar; beside the plot for shares, whose bars all end there."""
    x = top if whole else min(_total(row), top)
    return note(safe(text), x, at, palette["text"], size=13, weight=600, xanchor="left", xshift=5)


def _part(
    place: int, paint: Paint, rows: Sequence[Line], measured: Measured, top: float, palette: Palette
) -> dict[str, Any]:
    data = [row.data[place] for row in rows]
    return bar(
        [datum.value or None for datum in data],
        list(range(len(rows))),
        orientation="h",
        marker=paint.marker(palette),
        text=["" if paint.hatched else _fitting(measured, datum.value, top) for datum in data],
        textposition="inside",
        insidetextanchor="middle",
        insidetextfont={"size": 12, "color": paint.ink(palette)},
    )


def _on_hatching(
    colours: Sequence[Paint], rows: Sequence[Line], measured: Measured, top: float, palette: Palette
) -> list[dict[str, Any]]:
    """Figures on hatched parts, on a quiet ground."""
    notes = []
    for place in (place for place, paint in enumerate(colours) if paint.hatched):
        for at, row in enumerate(rows):
            value = row.data[place].value or 0.0
            start = sum(datum.value or 0.0 for datum in row.data[:place])
            if text := _fitting(measured, value, top):
                ground = {"bgcolor": palette["flaeche"], "borderpad": 0}
                notes.append(note(safe(text), start + value / 2, at, palette["text"], **ground))
    return notes


def _fitting(measured: Measured, value: float | None, top: float) -> str:
    """The figure where its part has room for it."""
    text = measured.amounts.bare(value) if value else ""
    return text if (value or 0.0) / top * WIDE_PX >= DIGIT * len(text) + AIR else ""


def _notices(parts: int, rows: int) -> tuple[str, ...]:
    notices = []
    if parts > MOST_SERIES:
        notices.append(
            f"Die größten {MOST_SERIES} von {parts} Teilen haben eine eigene Farbe; „{REST}“ fasst die"
            " anderen zusammen. Die Tabelle enthält alle."
        )
    if rows > MOST_ROWS:
        notices.append(
            f"Gezeichnet sind die ersten {MOST_ROWS} von {rows} Zeilen; alle stehen in der Tabelle."
        )
    return tuple(notices)


def _sentence(names: Sequence[str], rows: Sequence[Line], first: str, *, whole: bool) -> str:
    kind = "Gestapelte Balken zu 100 Prozent" if whole else "Gestapelte Balken"
    count = texts.plural(len(rows), "Zeile", "Zeilen")
    known = [row for row in rows if row.known and not row.marks]
    tail = ""
    if known and not whole:
        most = max(known, key=_total)
        tail = f" Längster Balken ohne geschützte Teile: {most.label}."
        if len(known) == len(rows):
            tail = f" Längster Balken: {most.label}."
    return f"{kind}, {count} nach {first}, Teile {texts.listed(names)}.{tail}"
