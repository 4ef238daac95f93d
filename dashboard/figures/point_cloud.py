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
FEW = 40


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
    narrow = {"margin.l": 48, **{f"annotations.{at + 2}.text": "" for at in range(len(_named(points)))}}
    figure = themed(lambda palette: _draw(points, measures, palette), narrow=narrow)
    table = grid_table(caption, first, [measure.label for measure in measures], rows[:MOST_POINTS])
    chart = Chart(figure, _sentence(points, measures, first), table, HEIGHT)
    return Noticed(chart, _notices(cloud, len(rows)))


def sorted_out(rows: Sequence[Line]) -> Cloud:
    """Keep rows with both figures."""
    points = tuple(row for row in rows if len(row.known) == 2)
    hidden = sum(1 for row in rows if row.marks)
    return Cloud(points, hidden, len(rows) - len(points) - hidden)


def extent(values: Sequence[float]) -> tuple[float, float]:
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
        *(_name(point, palette) for point in _named(points)),
    ]
    return {"data": [_trace(points, measures, palette)], "layout": shape}


def _title(measured: Measured, place: tuple[int, int], palette: Palette, **more: Any) -> dict[str, Any]:
    """Name and unit of an axis."""
    return note(safe(measured.title), *place, palette["text2"], xref="paper", yref="paper", **more)


def _values(points: Sequence[Line], place: int) -> list[float]:
    return [point.known[place] for point in points]


def _scale(ends: tuple[float, float], measured: Measured) -> dict[str, Any]:
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


def _named(points: Sequence[Line]) -> list[Line]:
    """Points whose name has room: from the outermost inwards, none over another."""
    across, up = (extent(_values(points, place)) for place in (0, 1))
    middle = ((across[0] + across[1]) / 2, (up[0] + up[1]) / 2)
    size = (across[1] - across[0], up[1] - up[0])
    outer = sorted(points, key=lambda p: -max(abs(p.known[i] - middle[i]) / size[i] for i in (0, 1)))
    taken: list[tuple[float, float, float]] = []
    found = []
    dots = [_box(point, across, up) for point in points]
    for point in outer[: MOST_NAMES * 3]:
        box = _box(point, across, up)
        spots = [(left - 4, high, 8.0) for left, high, _ in dots if (left, high) != (box[0], box[1])]
        if box[0] + box[2] <= PLOT and all(_clear(box, other) for other in (*taken, *spots)):
            taken.append(box)
            found.append(point)
    return found[:MOST_NAMES]


def _box(point: Line, across: tuple[float, float], up: tuple[float, float]) -> tuple[float, float, float]:
    """Left edge, middle height and width of a name in px."""
    x, y = point.known
    left = (x - across[0]) / (across[1] - across[0]) * PLOT
    high = (y - up[0]) / (up[1] - up[0]) * (HEIGHT - TOP - BOTTOM)
    return left, high, 16 + len(clipped(point.label, 26)) * LETTER


def _clear(one: tuple[float, float, float], other: tuple[float, float, float]) -> bool:
    beside = one[0] + one[2] < other[0] or other[0] + other[2] < one[0]
    return beside or abs(one[1] - other[1]) >= NAME_HIGH


def _name(point: Line, palette: Palette) -> dict[str, Any]:
    x, y = point.known
    return note(safe(clipped(point.label, 26)), x, y, palette["text2"], size=11, xanchor="left", xshift=8)


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
