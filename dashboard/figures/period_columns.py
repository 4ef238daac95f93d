"""How it runs month by month: Ist, behind it the target or the same month of the year before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboard import formats
from dashboard.figures.amounts import Amounts, span
from dashboard.figures.chart import Chart, Column, Figure, TableData, themed
from dashboard.figures.template import axis, bar, base_axis, layout, note, safe
from dashboard.theme import Palette
from metrics.result import Number

# More columns than these leave no room for figures above each.
PRINTED, PRINTED_NARROW = 13, 6


@dataclass(frozen=True, slots=True)
class PeriodColumn:
    """One month; None is „no value“. `hidden` is the text in place of a protected figure."""

    month: date
    value: Number | None
    target: Number | None = None
    last_year: Number | None = None
    hidden: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """What stands behind the Ist."""

    target: bool = False
    last_year: bool = False


def period_columns(
    months: Sequence[PeriodColumn], amounts: Amounts, *, caption: str, height: int = 220
) -> Chart:
    """Columns from zero; target outlined and last year grey, both shifted to the left."""
    ordered = tuple(months)
    shown = Compared(
        any(m.target is not None for m in ordered), any(m.last_year is not None for m in ordered)
    )
    narrow: dict[str, Any] = {
        "xaxis.ticktext": [_initial(m.month, ordered) for m in ordered],
        "margin.r": 18,
    }
    if PRINTED_NARROW < len(ordered) <= PRINTED:
        narrow |= {f"annotations.{i}.text": "" for i in range(len(ordered) - 1)}
    figure = themed(lambda palette: _draw(ordered, amounts, shown, palette, height), narrow=narrow, below=420)
    return Chart(figure, _sentence(ordered, amounts), _table(ordered, amounts, shown, caption), height)


def _initial(month: date, months: Sequence[PeriodColumn]) -> str:
    if len(months) > PRINTED:
        return str(month.year) if month.month == 1 or month == months[0].month else ""
    return formats.month_name(month)[0]


def _label(month: date, months: Sequence[PeriodColumn]) -> str:
    """„Jun“, with its year at the first and at each turn; long rows name every third month."""
    if len(months) > PRINTED and (month.month - 1) % 3:
        return ""
    turn = month.month == 1 or month == months[0].month
    return f"{formats.month_name(month)}<br>{month.year}" if turn else formats.month_name(month)


def _draw(
    months: Sequence[PeriodColumn], amounts: Amounts, shown: Compared, palette: Palette, height: int
) -> Figure:
    low, high = span([v for m in months for v in (m.value, m.target, m.last_year)])
    shape = layout(palette, (2, 2, 8, 38), height, barmode="overlay")
    shape["xaxis"] = base_axis(
        palette,
        range=[-0.7, len(months) - 0.4],
        tickvals=list(range(len(months))),
        ticktext=[_label(m.month, months) for m in months],
    )
    room = (high - low or 1) * 0.14
    shape["yaxis"] = axis(palette, range=[low - (room if low < 0 else 0), high + room], showticklabels=False)
    shape["annotations"] = _notes(months, amounts, palette)
    return {"data": _traces(months, shown, palette), "layout": shape}


def _traces(months: Sequence[PeriodColumn], shown: Compared, palette: Palette) -> list[dict[str, Any]]:
    places = list(range(len(months)))
    traces = []
    if shown.last_year:
        grey = {"color": palette["vj"]}
        values = [_height(m.last_year) for m in months]
        traces.append(bar(places, values, width=0.54, offset=-0.46, marker=grey))
    if shown.target:
        frame = {"color": palette["flaeche"], "line": {"color": palette["plan"], "width": 1.25}}
        values = [_height(m.target) for m in months]
        traces.append(bar(places, values, width=0.54, offset=-0.38, marker=frame))
    solid = {"color": palette["ist"]}
    offset = -0.24 if shown.last_year or shown.target else -0.3
    ist = [_height(m.value) for m in months]
    return [*traces, bar(places, ist, width=0.56, offset=offset, marker=solid)]


def _height(value: Number | None) -> float:
    return 0.0 if value is None else float(value)


def _notes(months: Sequence[PeriodColumn], amounts: Amounts, palette: Palette) -> list[dict[str, Any]]:
    """The figure above each column; of many only that of the last one."""
    places = range(len(months)) if len(months) <= PRINTED else [len(months) - 1]
    return [_note(place, months[place], amounts, palette) for place in places]


def _note(place: int, month: PeriodColumn, amounts: Amounts, palette: Palette) -> dict[str, Any]:
    text = safe(month.hidden) or amounts.bare(month.value)
    top = max(_height(v) for v in (month.value, month.target, month.last_year))
    return note(text, place, max(top, 0.0), palette["text"], yshift=9, weight=500)


def _sentence(months: Sequence[PeriodColumn], amounts: Amounts) -> str:
    known = [m for m in months if m.value is not None]
    if not known:
        return "Säulendiagramm je Monat ohne Werte."
    last = known[-1]
    parts = [f"{formats.month(last.month)} {amounts.full(last.value)}"]
    if last.target is not None:
        parts.append(f"Soll {amounts.full(last.target)}")
    if last.last_year is not None:
        parts.append(f"im Vorjahr {amounts.full(last.last_year)}")
    first, end = formats.month(months[0].month), formats.month(months[-1].month)
    return f"Säulendiagramm je Monat, {first} bis {end}. Zuletzt {', '.join(parts)}."


def _table(months: Sequence[PeriodColumn], amounts: Amounts, shown: Compared, caption: str) -> TableData:
    heads = [Column("Monat"), Column("Ist", "right")]
    heads += [Column("Soll", "right")] if shown.target else []
    heads += [Column("Vorjahr", "right")] if shown.last_year else []
    rows = tuple(_row(m, amounts, shown) for m in months)
    return TableData(caption, tuple(heads), rows)


def _row(month: PeriodColumn, amounts: Amounts, shown: Compared) -> tuple[str, ...]:
    cells = [formats.month(month.month), month.hidden or amounts.full(month.value)]
    cells += [amounts.full(month.target)] if shown.target else []
    cells += [amounts.full(month.last_year)] if shown.last_year else []
    return tuple(cells)
