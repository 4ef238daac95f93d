"""Two measures against each other: a point for each row that has both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard import texts
from dashboard.figures.chart import Chart, Figure, themed
from dashboard.figures.course_lines import hover
from dashboard.figures.datum import Datum, Line, Measured, Noticed, clipped, grid_table, round_steps
from dashboard.figures.template import axis, base_axis, curve, layout, note, safe
from dashboard.theme import Palette

MOST_POINTS, MOST_NAMES = 2_000, 24
HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 400, 62, 24, 26, 46
# Plot in px on a wide screen, to find names that would cover each other; px of a letter and of a line.
PLOT, LETTER, NAME_HIGH = 540.0, 6.0, 13.0
FEW, LETTERS = 40, 26
Ends = tuple[float, float]
Box = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Cloud:
    """Points with both figures, and how many rows have been left out because of which gap."""

    points: tuple[Line, ...]
    hidden: int
    missing: int


def point_cloud(
    rows: Sequence[Line], measures: tuple[Measured, Measured], *, first: str, caption: str
) -> Noticed:
    """Points of `rows`, whose data are (across, up). A row with a hidden figure is left out altogether."""
    cloud = sorted_out(rows)
    points = cloud.points[:MOST_POINTS]
    narrow = {
        "margin.l": 48,
        "annotations.1.xshift": -40,
        **{f"annotations.{at + 2}.text": "" for at in range(len(_named(points)))},
    }
    figure = themed(lambda palette: _draw(points, measures, palette), narrow=narrow)
    table = grid_table(caption, first, [measure.label for measure in measures], rows[:MOST_POINTS])
    chart = Chart(figure, _sentence(points, measures, first), table, HEIGHT)
    return Noticed(chart, _notices(cloud, len(rows)))


def sorted_out(rows: Sequence[Line]) -> Cloud:
    """Keep rows with both figures."""
    points = tuple(row for row in rows if len(row.known) == 2)
    hidden = sum(1 for row in rows if row.marks)
    return Cloud(points, hidden, len(rows) - len(points) - hidden)


def extent(values: Sequence[float]) -> Ends:
    """Ends of an axis with air: from zero, unless all values lie close together far from it."""
    if not values:
        return 0.0, 1.0
    low, high = min(values), max(values)
    if low > 0 and high > low and high - low < 0.4 * high:
        room = (high - low) * 0.08
        return low - room, high + room
    begin, end = min(0.0, low), max(0.0, high)
    room = (end - begin or 1.0) * 0.06
    return begin - (room if low < 0 else 0.0), end + room


def _draw(points: Sequence[Line], measures: tuple[Measured, Measured], palette: Palette) -> Figure:
    shape = layout(
        palette, (LEFT, RIGHT, TOP, BOTTOM), HEIGHT, hovermode="closest", hoverlabel=hover(palette)
    )
    across, up = (extent(_values(points, place)) for place in (0, 1))
    shape["xaxis"] = base_axis(
        palette, **_scale(across, measures[0]), showgrid=True, gridcolor=palette["raster"]
    )
    shape["yaxis"] = axis(
        palette, **_scale(up, measures[1]), showgrid=True, gridcolor=palette["raster"], layer="below traces"
    )
    shape["annotations"] = [
        _title(measures[0], (1, 0), palette, xanchor="right", yshift=-34),
        _title(measures[1], (0, 1), palette, xanchor="left", xshift=-LEFT + 8, yshift=14),
        *(_name(point, palette, at_left=at_left) for point, at_left in _named(points)),
    ]
    return {"data": [_trace(points, measures, palette)], "layout": shape}


def _title(measured: Measured, place: tuple[int, int], palette: Palette, **more: Any) -> dict[str, Any]:
    """Name and unit of an axis."""
    return note(safe(measured.title), *place, palette["text2"], xref="paper", yref="paper", **more)


def _values(points: Sequence[Line], place: int) -> list[float]:
    return [point.known[place] for point in points]


def _scale(ends: Ends, measured: Measured) -> dict[str, Any]:
    steps = round_steps(*ends, 5)
    return {
        "range": list(ends),
        "tickvals": steps,
        "ticktext": [f"{measured.amounts.tick(s)} " for s in steps],
    }


def _trace(points: Sequence[Line], measures: tuple[Measured, Measured], palette: Palette) -> dict[str, Any]:
    few = len(points) <= FEW
    edge = {"color": palette["flaeche"], "width": 1}
    look = {"color": palette["ist"], "size": 10 if few else 6, "opacity": 1 if few else 0.7, "line": edge}
    return curve(
        _values(points, 0),
        _values(points, 1),
        mode="markers",
        marker=look,
        hoverinfo="text",
        hovertext=[_hover(point, measures) for point in points],
        customdata=[_href(point.data) for point in points],
    )


def _hover(point: Line, measures: tuple[Measured, Measured]) -> str:
    told = [f"{safe(m.label)}: {safe(d.text)}" for m, d in zip(measures, point.data, strict=True)]
    return "<br>".join([f"<b>{safe(point.label)}</b>", *told])


def _href(data: Sequence[Datum]) -> str:
    return next((datum.href for datum in data if datum.href), "")


def _named(points: Sequence[Line]) -> list[tuple[Line, bool]]:
    """Points whose name has room, and whether it stands at their left: from the outermost inwards."""
    across, up = (extent(_values(points, place)) for place in (0, 1))
    dots = [(left - 4, high, 8.0) for left, high in (_spot(point, across, up) for point in points)]
    taken: list[Box] = []
    found: list[tuple[Line, bool]] = []
    for point in _outer(points, across, up)[: MOST_NAMES * 3]:
        spot = _spot(point, across, up)
        others = [*taken, *(dot for dot in dots if (dot[0] + 4, dot[1]) != spot)]
        for at_left in (False, True):
            box = _box(point, spot, at_left=at_left)
            if box[0] >= 0 and box[0] + box[2] <= PLOT and all(_clear(box, other) for other in others):
                taken.append(box)
                found.append((point, at_left))
                break
    return found[:MOST_NAMES]


def _outer(points: Sequence[Line], across: Ends, up: Ends) -> list[Line]:
    """Points by how far they lie from the middle, the farthest first."""

    def far(point: Line) -> float:
        x, y = point.known
        return max(
            abs(x - (across[0] + across[1]) / 2) / (across[1] - across[0]),
            abs(y - (up[0] + up[1]) / 2) / (up[1] - up[0]),
        )

    return sorted(points, key=far, reverse=True)


def _spot(point: Line, across: Ends, up: Ends) -> Ends:
    """Where a point lies in px."""
    x, y = point.known
    left = (x - across[0]) / (across[1] - across[0]) * PLOT
    return left, (y - up[0]) / (up[1] - up[0]) * (HEIGHT - TOP - BOTTOM)


def _box(point: Line, spot: Ends, *, at_left: bool) -> Box:
    """Left edge, middle height and width of a name in px."""
    wide = 8 + len(clipped(point.label, LETTERS)) * LETTER
    return (spot[0] - 8 - wide if at_left else spot[0] + 8), spot[1], wide


def _clear(one: Box, other: Box) -> bool:
    beside = one[0] + one[2] < other[0] or other[0] + other[2] < one[0]
    return beside or abs(one[1] - other[1]) >= NAME_HIGH


def _name(point: Line, palette: Palette, *, at_left: bool) -> dict[str, Any]:
    x, y = point.known
    side: dict[str, Any] = {"xanchor": "right", "xshift": -8} if at_left else {"xanchor": "left", "xshift": 8}
    return note(safe(clipped(point.label, LETTERS)), x, y, palette["text2"], size=11, **side)


def _notices(cloud: Cloud, rows: int) -> tuple[str, ...]:
    notices = []
    if len(cloud.points) > MOST_POINTS:
        notices.append(f"Gezeichnet sind die ersten {MOST_POINTS} von {len(cloud.points)} Punkten.")
    if rows > MOST_POINTS:
        notices.append(f"Die Tabelle enthält die ersten {MOST_POINTS} von {rows} Zeilen.")
    if cloud.hidden:
        rest = texts.plural(cloud.hidden, "Zeile ist", "Zeilen sind")
        notices.append(f"{rest} nicht gezeichnet, weil eine Zahl geschützt ist.")
    if cloud.missing:
        rest = texts.plural(cloud.missing, "Zeile ist", "Zeilen sind")
        notices.append(f"{rest} nicht gezeichnet, weil ein Wert fehlt.")
    return tuple(notices)


def _sentence(points: Sequence[Line], measures: tuple[Measured, Measured], first: str) -> str:
    names = f"{measures[0].label} (waagerecht) und {measures[1].label} (senkrecht)"
    if not points:
        return f"Punktdiagramm nach {first}, {names}, ohne Punkte."
    far = [max(points, key=lambda point: point.known[place]) for place in (0, 1)]
    return (
        f"Punktdiagramm nach {first}, {texts.plural(len(points), 'Punkt', 'Punkte')}, {names}. Am weitesten"
        f" rechts {far[0].label} {far[0].data[0].text}, am höchsten {far[1].label} {far[1].data[1].text}."
    )
