"""Numbered marks of comments and events above a time chart; their words stand in its table and sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from dashboard import formats
from dashboard.figures.chart import Chart, Column, TableData, themed
from dashboard.figures.template import line, note, safe
from dashboard.theme import Palette

LANE = 20
"""Height in px above the plot where marks stand, so that they never cover a value."""
_LETTER, _WIDTH = 6.5, 420.0
_SHORT = 34


@dataclass(frozen=True, slots=True)
class Mark:
    """One comment or event; `number` is the same in drawing, list and table."""

    number: int
    month: date
    event: bool
    text: str


@dataclass(frozen=True, slots=True)
class Lane:
    """Where a month stands: its place on the axis and in parts of the width; None outside the chart."""

    place: Callable[[date], tuple[Any, float] | None]


def by_date(first: date, last: date) -> Lane:
    """Lane of a chart with a time axis from a day to a day."""
    days = max(1, (last - first).days)

    def place(month: date) -> tuple[Any, float] | None:
        middle = month + timedelta(days=14)
        if not first - timedelta(days=15) <= middle <= last + timedelta(days=15):
            return None
        shown = min(max(middle, first), last)
        return shown.isoformat(), (shown - first).days / days

    return Lane(place)


def by_month(months: Sequence[date]) -> Lane:
    """Lane of a chart with one column for each of these months."""
    ordered = list(months)

    def place(month: date) -> tuple[Any, float] | None:
        if month not in ordered:
            return None
        return ordered.index(month), (ordered.index(month) + 0.5) / len(ordered)

    return Lane(place)


def annotated(chart: Chart, marks: Sequence[Mark], lane: Lane, *, named: bool = True) -> Chart:
    """The chart with its marks; without `named` events show their number only, as small drawings need it."""
    spots = [(mark, spot) for mark in marks if (spot := lane.place(mark.month)) is not None]
    if not spots:
        return chart
    shown = [mark for mark, _ in spots]
    return replace(
        chart,
        figure=_drawn(chart.figure, spots, named),
        description=f"{chart.description} {sentence(shown)}",
        table=_table(chart.table, shown),
    )


Spot = tuple[Mark, tuple[Any, float]]


def _drawn(figure: dict[str, Any], spots: Sequence[Spot], named: bool) -> dict[str, Any]:
    """Both schemes are drawn again for the added parts alone and appended to what the chart notes of them."""
    shape, meta = dict(figure["layout"]), dict(figure["layout"].get("meta") or {})
    added = themed(lambda palette: {"data": [], "layout": _parts(spots, named, palette)})["layout"]
    begins = {name: len(shape.get(name, [])) for name in ("annotations", "shapes")}
    meta["dunkel"] = [*meta.get("dunkel", []), *_moved(added["meta"]["dunkel"], begins)]
    meta["schmal"] = [*meta.get("schmal", []), *_numbers_only(spots, named, begins["annotations"])]
    for name in begins:
        shape[name] = [*shape.get(name, []), *added[name]]
    margin = shape.get("margin") or {}
    shape["margin"] = {**margin, "t": max(LANE, int(margin.get("t", 0)))}
    return {**figure, "layout": {**shape, "meta": meta}}


def _moved(patches: Sequence[list[Any]], begins: dict[str, int]) -> list[list[Any]]:
    """Patches of the added parts at the places they get behind those of the chart."""
    return [
        [[path[0], path[1], path[2] + begins[path[1]], *path[3:]], value]
        for path, value in patches
        if len(path) > 2 and path[1] in begins
    ]


def _parts(spots: Sequence[Spot], named: bool, palette: Palette) -> dict[str, Any]:
    grouped = _grouped(spots)
    names = _names(grouped) if named else {}
    notes = [_note(x, part, marks, names.get(x), palette) for x, part, marks in grouped]
    lines = [
        line((x, x), (0, 1), palette["rahmen"], dash="1px,3px", yref="paper", layer="below")
        for x, _, marks in grouped
        if any(mark.event for mark in marks)
    ]
    return {"annotations": notes, "shapes": lines}


def _grouped(spots: Sequence[Spot]) -> list[tuple[Any, float, list[Mark]]]:
    """Marks of one month share a place: „1, 2“."""
    found: dict[Any, tuple[float, list[Mark]]] = {}
    for mark, (x, part) in spots:
        found.setdefault(x, (part, []))[1].append(mark)
    return sorted(((x, part, marks) for x, (part, marks) in found.items()), key=lambda item: item[1])


def _names(grouped: Sequence[tuple[Any, float, list[Mark]]]) -> dict[Any, str]:
    """Words of events that have room up to the next mark; the others show their number."""
    names = {}
    for place, (x, part, marks) in enumerate(grouped):
        event = next((mark for mark in marks if mark.event), None)
        if event is None:
            continue
        text = short(event.text)
        room = _LETTER * (len(text) + 4) / _WIDTH
        before = grouped[place - 1][1] if place else -1.0
        after = grouped[place + 1][1] if place + 1 < len(grouped) else 2.0
        if part + room <= min(1.0, after) or (part + room > 1.0 and part - room >= max(0.0, before + 0.05)):
            names[x] = text
    return names


def _note(x: Any, part: float, marks: Sequence[Mark], name: str | None, palette: Palette) -> dict[str, Any]:
    text = _numbers(marks) + (f" {safe(name)}" if name else "")
    at_end = name is not None and part + _LETTER * (len(name) + 4) / _WIDTH > 1.0
    box = {"bgcolor": palette["flaeche"], "bordercolor": palette["rahmen"], "borderwidth": 1, "borderpad": 1}
    anchor = "center" if name is None else "right" if at_end else "left"
    place = {"yref": "paper", "yanchor": "bottom", "xanchor": anchor}
    return note(text, x, 1, palette["text"], **place, **box)


def _numbers_only(spots: Sequence[Spot], named: bool, begins: int) -> list[list[Any]]:
    """In a narrow card the lane holds numbers only."""
    if not named:
        return []
    patches: list[list[Any]] = []
    for index, (_, _, marks) in enumerate(_grouped(spots)):
        at = ["layout", "annotations", begins + index]
        patches += [[[*at, "text"], _numbers(marks)], [[*at, "xanchor"], "center"]]
    return patches


def _numbers(marks: Sequence[Mark]) -> str:
    return ", ".join(str(mark.number) for mark in marks)


def short(text: str) -> str:
    """The first words of a text, as far as a label reaches."""
    if len(text) <= _SHORT:
        return text
    cut = text.rfind(" ", 0, _SHORT)
    return f"{text[: cut if cut > 0 else _SHORT].rstrip(' ,.;:')} …"


def words(mark: Mark) -> str:
    """„1 Ereignis 02/2024: Einführung Bürgerportal“."""
    kind = "Ereignis" if mark.event else "Anmerkung"
    return f"{mark.number} {kind} {formats.month(mark.month)}: {mark.text}"


def sentence(marks: Sequence[Mark]) -> str:
    """All marks in words, for whoever does not see the drawing."""
    return " ".join(_closed(words(mark)) for mark in marks)


def _closed(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _table(table: TableData, marks: Sequence[Mark]) -> TableData:
    """One more column; a month without a row of its own gets one."""
    last = {_month_of(row[0]): index for index, row in enumerate(table.rows)}
    said: dict[int, list[str]] = {}
    alone: list[Mark] = []
    for mark in marks:
        index = last.get((mark.month.month, mark.month.year))
        said.setdefault(index, []).append(words(mark)) if index is not None else alone.append(mark)
    rows = [(*row, "; ".join(said.get(index, ())) or formats.MISSING) for index, row in enumerate(table.rows)]
    gaps = (formats.MISSING,) * (len(table.columns) - 1)
    rows += [(formats.month(mark.month), *gaps, words(mark)) for mark in alone]
    total = (*table.total, formats.MISSING) if table.total else None
    return TableData(table.caption, (*table.columns, Column("Anmerkungen")), tuple(rows), total)


def _month_of(label: str) -> tuple[int, int] | None:
    """The month a row speaks about: its label ends with „05/2026“ or is a day of it."""
    month, _, year = label[-7:].replace("/", ".").partition(".")
    return (int(month), int(year)) if month.isdecimal() and year.isdecimal() else None
