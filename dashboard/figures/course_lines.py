"""Courses over time, at most five of them and „Übrige“: gaps stay gaps, hidden figures are marks."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from dashboard.figures.chart import Chart, Figure, themed
from dashboard.figures.datum import (
    MOST_SERIES,
    REST,
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
from dashboard.figures.stacked_parts import tokens
from dashboard.figures.template import axis, base_axis, curve, layout, note, safe
from dashboard.theme import Palette

HEIGHT, TOP, BOTTOM, LEFT = 300, 16, 26, 58
PLOT = float(HEIGHT - TOP - BOTTOM)
# Px between the names at the ends of lines, letters of a name, width of the plot in px.
APART, LETTERS, NARROW_PLOT, PLOT_WIDE = 15.0, 26, 130.0, 480.0
# Beyond so many points a line has no dots, beyond so many marks their words would cover each other.
MOST_DOTS, MOST_MARKS = 40, 12
HOLLOW = "Hohler Punkt: der letzte Zeitabschnitt ist noch nicht voll."


def course_lines(
    periods: Sequence[str],
    series: Sequence[Line],
    measured: Measured,
    *,
    first: str,
    caption: str,
    additive: bool = False,
    unfinished: bool = False,
) -> Noticed:
    """One line per series with a figure per period; periods are complete, those without figure are gaps.

    `unfinished`: the last period is not over; its points are hollow, and what leads to them is dotted.

    Beyond five series the others become „Übrige“ where figures add up (`additive`), else they are cut.
    """
    drawn = chosen(series, measured, additive=additive)
    names = [line.label for line in drawn]
    longest = max([len(_name(line, measured)) for line in drawn] or [0])
    right = 22 + round(longest * 7)
    narrow: dict[str, Any] = {
        "margin.l": 44,
        "margin.r": min(right, 104),
        **_period_axis(periods, NARROW_PLOT),
        **{f"annotations.{at}.text": safe(clipped(line.label, 12)) for at, line in enumerate(drawn)},
    }
    figure = themed(
        lambda palette: _draw(periods, drawn, measured, right, palette, unfinished=unfinished), narrow=narrow
    )
    rows = [Line(period, tuple(line.data[at] for line in series)) for at, period in enumerate(periods)]
    table = grid_table(caption, first, [line.label for line in series], rows)
    chart = Chart(figure, _sentence(periods, drawn, measured), table, HEIGHT)
    told = (HOLLOW,) if unfinished and any(_is_open(line) for line in drawn) else ()
    return Noticed(chart, (*_notices(len(series), names), *told))


def chosen(series: Sequence[Line], measured: Measured, *, additive: bool) -> tuple[Line, ...]:
    """The first five series, and what the others add up to where they may be added."""
    if len(series) <= MOST_SERIES:
        return tuple(series)
    kept = tuple(series)[:MOST_SERIES]
    if not additive:
        return kept
    rest = rest_of(series[MOST_SERIES:])
    return (*kept, Line(REST, tuple(worded(datum, measured.amounts) for datum in rest.data)))


def _draw(
    periods: Sequence[str],
    lines: Sequence[Line],
    measured: Measured,
    right: int,
    palette: Palette,
    *,
    unfinished: bool,
) -> Figure:
    low, high = reach(value for line in lines for value in line.known)
    room = (high - low) * 0.1
    begin, end = (low - room if low < 0 else 0.0), high + room
    shape = layout(
        palette, (LEFT, right, TOP, BOTTOM), HEIGHT, hovermode="closest", hoverlabel=hover(palette)
    )
    shape["xaxis"] = base_axis(
        palette,
        range=[-0.3, max(1, len(periods)) - 0.7],
        **{name.partition(".")[2]: value for name, value in _period_axis(periods, PLOT_WIDE).items()},
    )
    steps = round_steps(begin, end)
    shape["yaxis"] = axis(
        palette,
        range=[begin, end],
        tickvals=steps,
        ticktext=[f"{measured.amounts.tick(step)} " for step in steps],
        showgrid=True,
        gridcolor=palette["raster"],
        layer="below traces",
    )
    colours = [palette[token] for token in series_tokens([line.label for line in lines])]
    shape["annotations"] = [
        *_names(lines, measured, colours, (begin, end), palette), *_hidden(lines, begin, palette)
    ]  # fmt: skip
    pairs = zip(lines, colours, strict=True)
    traces = [
        trace
        for line, colour in pairs
        for trace in _traces(line, periods, colour, palette, unfinished=unfinished)
    ]
    return {"data": traces, "layout": shape}


def series_tokens(names: Sequence[str]) -> tuple[str, ...]:
    """A single course is Ist; several have the colours of categories."""
    return ("ist",) if len(names) == 1 else tokens(names)


def hover(palette: Palette) -> dict[str, Any]:
    """The dark label of hovers."""
    ground = palette["kopf"]
    font = {"size": 14, "color": palette["auf-kopf"]}
    return {"bgcolor": ground, "bordercolor": ground, "font": font, "align": "left"}


def _period_axis(periods: Sequence[str], room: float) -> dict[str, Any]:
    """Labels of as many periods as have room, the last one among them."""
    most = max(2, int(room / (max(map(len, periods), default=1) * 6.6 + 12)))
    step = -(-len(periods) // most) or 1
    places = [at for at in range(len(periods)) if (len(periods) - 1 - at) % step == 0]
    return {"xaxis.tickvals": places, "xaxis.ticktext": [safe(periods[at]) for at in places]}


def _trace(line: Line, periods: Sequence[str], colour: str, palette: Palette) -> dict[str, Any]:
    alone = {at for at, datum in enumerate(line.data) if datum.value is not None and not _beside(line, at)}
    dots = len(periods) <= MOST_DOTS
    sizes = [7 if dots or at in alone else 0 for at in range(len(line.data))]
    return curve(
        list(range(len(line.data))),
        [datum.value for datum in line.data],
        mode="lines+markers",
        line={"color": colour, "width": 2.5},
        marker={"color": colour, "size": sizes, "line": {"color": palette["flaeche"], "width": 1}},
        connectgaps=False,
        hoverinfo="text",
        hovertext=[
            "" if datum.value is None else f"{safe(line.label)}<br>{safe(period)}: {safe(datum.text)}"
            for period, datum in zip(periods, line.data, strict=True)
        ],
        customdata=[datum.href if datum.value is not None else "" for datum in line.data],
    )


def _traces(
    line: Line, periods: Sequence[str], colour: str, palette: Palette, *, unfinished: bool
) -> list[dict[str, Any]]:
    whole = _trace(line, periods, colour, palette)
    if not unfinished or not _is_open(line):
        return [whole]
    last = len(line.data) - 1
    end = curve(
        [last - 1, last],
        whole["y"][-2:],
        line={"color": colour, "width": 2, "dash": "dot"},
        connectgaps=False,
    )
    point = {
        **whole,
        "x": [last],
        "y": whole["y"][-1:],
        "mode": "markers",
        "marker": {"color": palette["flaeche"], "size": 8, "line": {"color": colour, "width": 2}},
        "hovertext": whole["hovertext"][-1:],
        "customdata": whole["customdata"][-1:],
    }
    before = {**whole, "y": [*whole["y"][:-1], None]}
    return [end, before, point]


def _is_open(line: Line) -> bool:
    """Whether there is a point in the last period."""
    return len(line.data) > 1 and line.data[-1].value is not None


def _beside(line: Line, at: int) -> bool:
    """Whether a point has a neighbour a line can lead to."""
    near = [place for place in (at - 1, at + 1) if 0 <= place < len(line.data)]
    return any(line.data[place].value is not None for place in near)


def _name(line: Line, measured: Measured) -> str:
    last = next((datum for datum in reversed(line.data) if datum.value is not None), None)
    return f"{clipped(line.label, LETTERS)} {last.mark or measured.amounts.bare(last.value)}" if last else ""


def _names(
    lines: Sequence[Line],
    measured: Measured,
    colours: Sequence[str],
    ends: tuple[float, float],
    palette: Palette,
) -> list[dict[str, Any]]:
    """Names at the last points, kept apart where lines meet, each behind a dot of its line's colour."""
    begin, end = ends
    px = PLOT / (end - begin)
    lasts = [(_last(line) or (0, begin))[1] for line in lines]
    heights = [(last - begin) * px for last in lasts]
    moved = [place - height for place, height in zip(apart(heights, APART, PLOT), heights, strict=True)]
    words = [
        note(safe(_name(line, measured)), 1, last, palette["text"], **_beside_plot(16, shift))
        for line, last, shift in zip(lines, lasts, moved, strict=True)
    ]
    dots = [
        note("•", 1, last, colour, size=24, **_beside_plot(3, shift))
        for line, last, colour, shift in zip(lines, lasts, colours, moved, strict=True)
        if line.known
    ]
    return [*words, *dots]


def _beside_plot(right: float, up: float) -> dict[str, Any]:
    return {"xref": "paper", "xanchor": "left", "xshift": right, "yshift": up}


def _last(line: Line) -> tuple[int, float] | None:
    known = [(at, datum.value) for at, datum in enumerate(line.data) if datum.value is not None]
    return known[-1] if known else None


def apart(heights: Sequence[float], least: float, room: float) -> list[float]:
    """Heights moved so that neighbours lie at least `least` apart, inside `room` where that suffices."""
    order = sorted(range(len(heights)), key=lambda at: heights[at])
    found = list(heights)
    for before, at in pairwise(order):
        found[at] = max(found[at], found[before] + least)
    ceiling = room
    for at in reversed(order):
        found[at] = min(found[at], ceiling)
        ceiling = found[at] - least
    return found


def _hidden(lines: Sequence[Line], foot: float, palette: Palette) -> list[dict[str, Any]]:
    """Marks of hidden figures, all at the foot: one for each period."""
    marks = {at: datum.mark for line in lines for at, datum in enumerate(line.data) if datum.hidden}
    words = len(marks) <= MOST_MARKS
    return [
        note(safe(mark) if words else "×", at, foot, palette["text2"], size=11, yshift=8)
        for at, mark in sorted(marks.items())
    ]


def _notices(count: int, names: Sequence[str]) -> tuple[str, ...]:
    if count <= MOST_SERIES:
        return ()
    if REST in names:
        return (
            f"Gezeigt sind die ersten {MOST_SERIES} von {count} Reihen; „{REST}“ fasst die anderen zusammen.",
        )
    return (
        f"Gezeigt sind die ersten {MOST_SERIES} von {count} Reihen; die anderen lassen sich nicht addieren"
        " und stehen in der Tabelle.",
    )


def _sentence(periods: Sequence[str], lines: Sequence[Line], measured: Measured) -> str:
    if not any(line.known for line in lines):
        return "Liniendiagramm ohne Werte."
    ends = [words for line in lines if (words := _course(line, periods))]
    return f"Liniendiagramm {measured.label}, {periods[0]} bis {periods[-1]}. {'; '.join(ends)}."


def _course(line: Line, periods: Sequence[str]) -> str:
    known = [
        (period, datum) for period, datum in zip(periods, line.data, strict=True) if datum.value is not None
    ]
    if not known:
        return ""
    (start, one), (end, other) = known[0], known[-1]
    if start == end:
        return f"{line.label}: {start} {one.text}"
    return f"{line.label}: {start} {one.text}, {end} {other.text}"
