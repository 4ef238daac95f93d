"""What is due when: Plan outlined, Ist solid, Prognose hatched, excess red, diamonds, and today."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboard import formats, texts
from dashboard.figures.chart import Chart, Column, Figure, TableData, in_order, themed
from dashboard.figures.template import axis, bar, hatch, label_axis, layout, line, note, safe
from dashboard.theme import Palette

Span = tuple[date, date]
TOP, BOTTOM, RIGHT = 22, 24, 14
DIAMOND = "M0,6 L6,0 L0,-6 L-6,0 Z"
# Width in px of a letter of a name: longer names are cut to their room, the table has them in full.
LETTER = 7.4


@dataclass(frozen=True, slots=True)
class RoadPoint:
    """A milestone, or the day something was done; open until it is reached."""

    on: date
    title: str
    reached: bool = True


@dataclass(frozen=True, slots=True)
class RoadRow:
    """One line of a roadmap; a span that is not known is None and is not drawn."""

    label: str
    plan: Span | None = None
    ist: Span | None = None
    forecast: Span | None = None
    over: Span | None = None
    points: tuple[RoadPoint, ...] = ()
    state: str = ""


def roadmap(
    rows: Sequence[RoadRow], today: date, *, first: str, caption: str, row_height: int = 24, left: int = 176
) -> Chart:
    """Rows in the order given; `first` heads the names, `left` is the room for them in px."""
    ordered = tuple(rows)
    height = TOP + BOTTOM + row_height * max(1, len(ordered))
    years = _year_names(*_reach(ordered, today))
    narrow = {
        "margin.l": 118,
        # Four digits of every year would run into each other.
        "xaxis.ticktext": [year if index % 2 == 0 else "" for index, year in enumerate(years)],
        "yaxis.ticktext": [safe(_short(row.label, 15)) for row in ordered],
        "yaxis.tickfont.size": 12,
    }
    tiny = {"margin.l": 92, "yaxis.ticktext": [safe(_short(row.label, 11)) for row in ordered]}
    figure = themed(
        lambda palette: _draw(ordered, today, palette, height, left), narrow=narrow, below=460, tiny=tiny
    )
    spots = in_order("y", [row.label for row in ordered])
    table = _table(ordered, first, caption)
    return Chart(figure, _sentence(ordered, today, first), table, height, spots)


def _short(label: str, longest: int) -> str:
    return label if len(label) <= longest else f"{label[: longest - 1].rstrip()}…"


def _draw(rows: Sequence[RoadRow], today: date, palette: Palette, height: int, left: int) -> Figure:
    shape = layout(palette, (left, RIGHT, TOP, BOTTOM), height, barmode="overlay", bargap=0.3)
    begin, end = _reach(rows, today)
    shape["xaxis"] = _years(palette, begin, end)
    shape["yaxis"] = label_axis(
        palette, [_short(row.label, int(left / LETTER)) for row in rows], ticklabelstandoff=8, showgrid=False
    )
    shape["shapes"] = [*_turns(palette, begin, end), *_today(palette, today), *_points(rows, palette)]
    shape["annotations"] = [
        note("heute", today.toordinal(), 1, palette["text"], yref="paper", yshift=10, weight=600, size=12)
    ]
    return {"data": _bars(rows, palette), "layout": shape}


def _reach(rows: Sequence[RoadRow], today: date) -> tuple[int, int]:
    """First and last day of the axis: whole years around everything drawn."""
    days = [today, *(day for row in rows for span in _spans(row) for day in span)]
    days += [point.on for row in rows for point in row.points]
    return date(min(days).year, 1, 1).toordinal(), date(max(days).year, 12, 31).toordinal()


def _spans(row: RoadRow) -> list[Span]:
    return [span for span in (row.plan, row.ist, row.forecast, row.over) if span is not None]


def _years(palette: Palette, begin: int, end: int) -> dict[str, Any]:
    """Days as numbers: so the length of a bar is a count of days, as in the table."""
    years = range(date.fromordinal(begin).year, date.fromordinal(end).year + 1)
    middles = [date(year, 7, 1).toordinal() for year in years]
    return axis(
        palette,
        range=[begin, end + 1],
        tickmode="array",
        tickvals=middles,
        ticktext=_year_names(begin, end),
    )


def _year_names(begin: int, end: int) -> list[str]:
    return [str(year) for year in range(date.fromordinal(begin).year, date.fromordinal(end).year + 1)]


def _turns(palette: Palette, begin: int, end: int) -> list[dict[str, Any]]:
    years = range(date.fromordinal(begin).year, date.fromordinal(end).year + 2)
    days = [date(year, 1, 1).toordinal() for year in years]
    return [line((day, day), (0, 1), palette["raster"], yref="paper", layer="below") for day in days]


def _today(palette: Palette, today: date) -> list[dict[str, Any]]:
    day = today.toordinal()
    return [line((day, day), (0, 1), palette["text"], yref="paper", width=1.5, dash="7px,5px")]


def _points(rows: Sequence[RoadRow], palette: Palette) -> list[dict[str, Any]]:
    return [_diamond(index, point, palette) for index, row in enumerate(rows) for point in row.points]


def _diamond(index: int, point: RoadPoint, palette: Palette) -> dict[str, Any]:
    """A shape of fixed size; as points of a trace the numbers of the rows would pose as values."""
    return {
        "type": "path",
        "path": DIAMOND,
        "xsizemode": "pixel",
        "ysizemode": "pixel",
        "xanchor": point.on.toordinal(),
        "yanchor": index,
        "fillcolor": palette["plan"] if point.reached else palette["flaeche"],
        "line": {"color": palette["plan"], "width": 1.5},
        "layer": "above",
    }


def _bars(rows: Sequence[RoadRow], palette: Palette) -> list[dict[str, Any]]:
    ink = palette["ist"]
    frame = {"color": palette["flaeche"], "line": {"color": palette["plan"], "width": 1.25}}
    solid = {"color": ink, "line": {"color": ink, "width": 1}}
    hatched = {"color": palette["flaeche"], "line": {"color": ink, "width": 1.25}}
    hatched["pattern"] = hatch(ink, palette["flaeche"])
    excess = {"color": palette["krit"], "line": {"color": palette["krit"], "width": 1}}
    return [
        _series(rows, lambda row: row.plan, frame, 0.62),
        _series(rows, lambda row: row.ist, solid, 0.34),
        _series(rows, lambda row: row.forecast, hatched, 0.34),
        _series(rows, lambda row: row.over, excess, 0.34),
    ]


def _series(
    rows: Sequence[RoadRow], of: Callable[[RoadRow], Span | None], marker: dict[str, Any], width: float
) -> dict[str, Any]:
    known = [(index, span) for index, row in enumerate(rows) if (span := of(row)) is not None]
    return bar(
        [days(span) for _, span in known],
        [index for index, _ in known],
        base=[span[0].toordinal() for _, span in known],
        orientation="h",
        marker=marker,
        width=width,
    )


def days(span: Span | None) -> int:
    """Days from the first to the last, both counted; 0 for no span."""
    return 0 if span is None else max(1, (span[1] - span[0]).days + 1)


def _sentence(rows: Sequence[RoadRow], today: date, first: str) -> str:
    if not rows:
        return "Fahrplan ohne Werte."
    begin, end = (date.fromordinal(day).year for day in _reach(rows, today))
    counted = texts.plural(len(rows), "Zeile", "Zeilen")
    late = sum(row.over is not None or _late(row) for row in rows)
    return (
        f"Fahrplan, {counted} nach {first}, {formats.period(begin, end)}, heute {formats.day(today)}. "
        f"Länger als geplant: {formats.number(late)}."
    )


def _late(row: RoadRow) -> bool:
    last = max((span[1] for span in (row.ist, row.forecast) if span), default=None)
    return bool(row.plan and last and last > row.plan[1])


def _table(rows: Sequence[RoadRow], first: str, caption: str) -> TableData:
    """Spans with their days; columns that no row fills are left out."""
    every: tuple[tuple[str, Callable[[RoadRow], Span | None]], ...] = (
        ("Plan", lambda row: row.plan),
        ("Ist", lambda row: row.ist),
        ("Prognose", lambda row: row.forecast),
        ("über der Frist", lambda row: row.over),
    )
    shown = [(label, of) for label, of in every if any(of(row) for row in rows)]
    heads = [Column(first)]
    for label, _ in shown:
        heads += [Column(label), Column(f"{label}, Tage", "right")]
    more = [
        ("Meilensteine", [_point_words(row) for row in rows]),
        ("Stand", [row.state for row in rows]),
    ]
    kept = [(head, cells) for head, cells in more if any(cells)]
    body = tuple(
        (row.label, *_span_cells(row, shown), *(cells[index] or formats.MISSING for _, cells in kept))
        for index, row in enumerate(rows)
    )
    return TableData(caption, (*heads, *(Column(head) for head, _ in kept)), body)


def _span_cells(row: RoadRow, shown: Sequence[tuple[str, Callable[[RoadRow], Span | None]]]) -> list[str]:
    cells = []
    for _, of in shown:
        span = of(row)
        cells += [formats.period(*span), formats.number(days(span))] if span else [formats.MISSING] * 2
    return cells


def _point_words(row: RoadRow) -> str:
    return "; ".join(
        f"{point.title} {formats.day(point.on)}{'' if point.reached else ' (offen)'}" for point in row.points
    )
