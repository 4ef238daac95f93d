"""Small multiples: one tile for each row, all on the same axis, with a course or a few columns in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard import texts
from dashboard.figures.chart import Chart, Figure, themed
from dashboard.figures.course_lines import hover
from dashboard.figures.datum import (
    MOST_SERIES,
    REST,
    Datum,
    Line,
    Measured,
    Noticed,
    clipped,
    grid_table,
    reach,
    rest_of,
    round_steps,
    worded,
)
from dashboard.figures.paint import Paint, paints
from dashboard.figures.template import axis, bar, curve, layout, line, note, safe
from dashboard.theme import Palette

MOST_TILES, TILE, LEFT, BOTTOM = 24, 112, 52, 6
WIDE, NARROW = 3, 2
# Parts of a tile: the plot inside of it; the name stands above.
X0, X1, Y0, Y1, NAME = 0.02, 0.88, 0.06, 0.72, 0.87
LETTERS, NARROW_LETTERS = 30, 17


@dataclass(frozen=True, slots=True)
class Sheet:
    """Tiles in `across` columns on axes that count tiles; values lie between `low` and `high` in each."""

    count: int
    across: int
    low: float
    high: float
    steps: int
    paints: tuple[Paint, ...] = ()

    @property
    def down(self) -> int:
        """Rows of tiles."""
        return -(-self.count // self.across)

    def corner(self, tile: int) -> tuple[int, int]:
        """Left and lower edge of a tile; the first is at the top left."""
        return tile % self.across, self.down - 1 - tile // self.across

    def x(self, tile: int, step: float) -> float:
        """Where a step (from 0) stands: in the middle of its part of the tile."""
        return self.corner(tile)[0] + X0 + (X1 - X0) * (step + 0.5) / max(1, self.steps)

    def y(self, tile: int, value: float) -> float:
        """How high a value stands."""
        return self.corner(tile)[1] + Y0 + (Y1 - Y0) * (value - self.low) / (self.high - self.low)


def tiles(
    steps: Sequence[str],
    rows: Sequence[Line],
    measured: Measured,
    *,
    first: str,
    caption: str,
    course: bool,
    additive: bool = False,
    stages: Sequence[str] = (),
) -> Noticed:
    """A tile per row with a figure per step; `course` for periods (complete, gaps stay gaps), else columns.

    Columns beyond five are joined as „Übrige“ where figures add up, else cut; not so `stages` of the
    Reifegrad. At most 24 tiles.
    """
    every = course or bool(stages)
    names, kept = (tuple(steps), list(rows)) if every else fewer(steps, rows, measured, additive=additive)
    colours = () if course else paints(names, stages)
    drawn = kept[:MOST_TILES]
    low, high = reach(value for row in drawn for value in row.known)
    across = min(WIDE, max(1, len(drawn)))
    sheet = Sheet(len(drawn), across, low, high, len(names), colours)
    slim = Sheet(len(drawn), min(NARROW, across), low, high, len(names), colours)
    height = BOTTOM + TILE * max(1, sheet.down)
    figure = themed(
        lambda palette: _draw(names, drawn, measured, sheet, palette, height, course=course),
        narrow=_narrow(drawn, measured, slim, names, course=course),
    )
    table = grid_table(caption, first, steps, rows)
    chart = Chart(figure, _sentence(drawn, measured, names, first, course=course), table, height)
    legend = tuple((paint.swatch, name) for paint, name in zip(colours, names, strict=False))
    return Noticed(chart, _notices(len(steps), len(rows), names, course=every), legend)


def fewer(
    steps: Sequence[str], rows: Sequence[Line], measured: Measured, *, additive: bool
) -> tuple[tuple[str, ...], list[Line]]:
    """At most five columns, and what the others add up to where they may be added."""
    if len(steps) <= MOST_SERIES:
        return tuple(steps), list(rows)
    if not additive:
        return tuple(steps[:MOST_SERIES]), [Line(row.label, row.data[:MOST_SERIES]) for row in rows]
    joined = [
        Line(row.label, (*row.data[:MOST_SERIES], worded(_rest(row), measured.amounts))) for row in rows
    ]
    return (*steps[:MOST_SERIES], REST), joined


def _rest(row: Line) -> Datum:
    return rest_of([Line("", (datum,)) for datum in row.data[MOST_SERIES:]]).data[0]


def _draw(
    names: Sequence[str],
    rows: Sequence[Line],
    measured: Measured,
    sheet: Sheet,
    palette: Palette,
    height: int,
    *,
    course: bool,
) -> Figure:
    shape = layout(
        palette,
        (LEFT, 4, 0, BOTTOM),
        height,
        barmode="overlay",
        hovermode="closest",
        hoverlabel=hover(palette),
    )
    shape["xaxis"] = axis(palette, range=[0, sheet.across], showticklabels=False)
    shape["yaxis"] = axis(
        palette, showgrid=True, gridcolor=palette["raster"], layer="below traces", **_scale(sheet, measured)
    )
    shape["annotations"] = [
        *(_name(tile, row, sheet, palette) for tile, row in enumerate(rows)),
        *(_mark(*place, sheet, palette) for place in _hidden(rows)),
    ]
    shape["shapes"] = [_ground(tile, sheet, palette) for tile in range(len(rows))]
    draw = _courses if course else _columns
    return {"data": draw(names, rows, sheet, palette), "layout": shape}


def _scale(sheet: Sheet, measured: Measured) -> dict[str, Any]:
    """The same ticks in each row of tiles."""
    steps = round_steps(sheet.low, sheet.high, 2)
    firsts = [row * sheet.across for row in range(sheet.down)]
    return {
        "range": [0, max(1, sheet.down)],
        "tickvals": [sheet.y(tile, step) for tile in firsts for step in steps],
        "ticktext": [f"{measured.amounts.tick(step)} " for _ in firsts for step in steps],
    }


def _name(tile: int, row: Line, sheet: Sheet, palette: Palette) -> dict[str, Any]:
    left, foot = sheet.corner(tile)
    words = safe(clipped(row.label, LETTERS))
    return note(words, left + X0, foot + NAME, palette["text"], xanchor="left", weight=600)


def _hidden(rows: Sequence[Line]) -> list[tuple[int, int, str]]:
    return [
        (tile, step, datum.mark)
        for tile, row in enumerate(rows)
        for step, datum in enumerate(row.data)
        if datum.hidden
    ]


def _mark(tile: int, step: int, mark: str, sheet: Sheet, palette: Palette) -> dict[str, Any]:
    """The mark of a hidden figure at the zero line; a cross where there are many steps."""
    words = mark if sheet.steps <= MOST_SERIES + 1 else "×"
    return note(safe(words), sheet.x(tile, step), sheet.y(tile, 0.0), palette["text2"], size=11, yshift=7)


def _ground(tile: int, sheet: Sheet, palette: Palette) -> dict[str, Any]:
    left, zero = sheet.corner(tile)[0], sheet.y(tile, 0.0)
    return line((left + X0, left + X1), (zero, zero), palette["achse"], layer="below")


def _points(rows: Sequence[Line], sheet: Sheet) -> tuple[list[float | None], list[float | None]]:
    """All courses as one line, with a gap between tiles and at missing periods."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    for tile, row in enumerate(rows):
        for step, datum in enumerate(row.data):
            xs.append(sheet.x(tile, step))
            ys.append(None if datum.value is None else sheet.y(tile, datum.value))
        xs.append(None)
        ys.append(None)
    return xs, ys


def _courses(
    names: Sequence[str], rows: Sequence[Line], sheet: Sheet, palette: Palette
) -> list[dict[str, Any]]:
    xs, ys = _points(rows, sheet)
    look = {"color": palette["ist"], "size": 4}
    return [
        curve(
            xs, ys, mode="lines+markers", line={"color": palette["ist"], "width": 2}, marker=look,
            connectgaps=False, hoverinfo="text",
            hovertext=[words for row in rows for words in (*_hovers(row, names), "")],
            customdata=[href for row in rows for href in (*_hrefs(row), "")],
        )
    ]  # fmt: skip


def _columns(
    names: Sequence[str], rows: Sequence[Line], sheet: Sheet, palette: Palette
) -> list[dict[str, Any]]:
    return [_column(step, paint, names, rows, sheet, palette) for step, paint in enumerate(sheet.paints)]


def _column(
    step: int, paint: Paint, names: Sequence[str], rows: Sequence[Line], sheet: Sheet, palette: Palette
) -> dict[str, Any]:
    xs, ys, grounds = _heights(step, rows, sheet)
    known = [row for row in rows if row.data[step].value is not None]
    return bar(
        xs,
        ys,
        base=grounds,
        width=(X1 - X0) / max(1, sheet.steps) * 0.72,
        marker=paint.marker(palette),
        hoverinfo="text",
        hovertext=[_hovers(row, names)[step] for row in known],
        textposition="none",
        customdata=[row.data[step].href for row in known],
    )


def _heights(step: int, rows: Sequence[Line], sheet: Sheet) -> tuple[list[float], list[float], list[float]]:
    """Place, height and foot of the columns of one step."""
    known = [(tile, value) for tile, row in enumerate(rows) if (value := row.data[step].value) is not None]
    grounds = [sheet.y(tile, 0.0) for tile, _ in known]
    heights = [sheet.y(tile, value) - ground for (tile, value), ground in zip(known, grounds, strict=True)]
    return [sheet.x(tile, step) for tile, _ in known], heights, grounds


def _hovers(row: Line, names: Sequence[str]) -> list[str]:
    return [
        "" if datum.value is None else f"{safe(row.label)}<br>{safe(name)}: {safe(datum.text)}"
        for name, datum in zip(names, row.data, strict=True)
    ]


def _hrefs(row: Line) -> list[str]:
    return [datum.href if datum.value is not None else "" for datum in row.data]


def _narrow(
    rows: Sequence[Line], measured: Measured, sheet: Sheet, names: Sequence[str], *, course: bool
) -> dict[str, Any]:
    """The same tiles, two side by side."""
    changes: dict[str, Any] = {"margin.l": 44, "xaxis.range": [0, sheet.across]}
    changes |= {f"yaxis.{name}": value for name, value in _scale(sheet, measured).items()}
    for tile, row in enumerate(rows):
        left, foot = sheet.corner(tile)
        zero = sheet.y(tile, 0.0)
        changes |= {
            f"annotations.{tile}.x": left + X0,
            f"annotations.{tile}.y": foot + NAME,
            f"annotations.{tile}.text": safe(clipped(row.label, NARROW_LETTERS)),
            f"shapes.{tile}.x0": left + X0,
            f"shapes.{tile}.x1": left + X1,
            f"shapes.{tile}.y0": zero,
            f"shapes.{tile}.y1": zero,
        }
    for place, (tile, step, _) in enumerate(_hidden(rows), start=len(rows)):
        changes |= {
            f"annotations.{place}.x": sheet.x(tile, step),
            f"annotations.{place}.y": sheet.y(tile, 0.0),
        }
    return changes | (_narrow_courses(rows, sheet) if course else _narrow_columns(rows, sheet, len(names)))


def _narrow_courses(rows: Sequence[Line], sheet: Sheet) -> dict[str, Any]:
    xs, ys = _points(rows, sheet)
    return {"data.0.x": xs, "data.0.y": ys}


def _narrow_columns(rows: Sequence[Line], sheet: Sheet, count: int) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for step in range(count):
        xs, ys, grounds = _heights(step, rows, sheet)
        changes |= {f"data.{step}.x": xs, f"data.{step}.y": ys, f"data.{step}.base": grounds}
    return changes


def _notices(steps: int, rows: int, names: Sequence[str], *, course: bool) -> tuple[str, ...]:
    notices = []
    if rows > MOST_TILES:
        notices.append(
            f"Gezeigt sind die ersten {MOST_TILES} von {rows} Kacheln; alle stehen in der Tabelle."
        )
    if not course and steps > MOST_SERIES:
        rest = (
            f"„{REST}“ fasst die anderen zusammen" if REST in names else "die anderen stehen in der Tabelle"
        )
        notices.append(f"Je Kachel sind die ersten {MOST_SERIES} von {steps} Spalten gezeichnet; {rest}.")
    return tuple(notices)


def _sentence(
    rows: Sequence[Line], measured: Measured, names: Sequence[str], first: str, *, course: bool
) -> str:
    count = texts.plural(len(rows), "Kachel", "Kacheln")
    if not any(row.known for row in rows):
        return f"{count} nach {first} ohne Werte."
    shown = f"von {names[0]} bis {names[-1]}" if course else f"mit {texts.listed(names)}"
    known = [(row.label, datum) for row in rows for datum in row.data if datum.value is not None]
    most = max(known, key=lambda item: item[1].value or 0.0)
    return (
        f"{count} nach {first}, alle auf derselben Achse, {measured.label} {shown}. Höchster gezeigter Wert:"
        f" {most[0]} {most[1].text}."
    )
