"""When is the work done: one dotted line per scenario with the band its assumptions leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from dashboard import formats
from dashboard.figures.chart import Chart, Column, Figure, TableData, themed
from dashboard.figures.template import axis, curve, layout, line, note, year_axis
from dashboard.theme import HELL, Palette

TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
LONGEST_YEARS = 25
NEVER, TODAY = "nicht absehbar", "heute"


@dataclass(frozen=True, slots=True)
class Course:
    """A scenario from its start to its end; a day of None lies beyond what can be planned."""

    name: str
    start: date
    due: date
    done: date | None
    earliest: date | None
    latest: date | None


def completion(courses: Sequence[Course], *, today: date, caption: str, height: int = 250) -> Chart:
    """Draw the part of the work done in its slowest role, from 0 to 100 percent."""
    ordered = tuple(courses)
    figure = themed(
        lambda palette: _draw(ordered, today, palette, height), narrow=_narrow(ordered, today), below=400
    )
    return Chart(figure, _sentence(ordered), _table(ordered, caption), height)


def _narrow(courses: Sequence[Course], today: date) -> dict[str, Any]:
    """On a phone every third year has its name, and the word at the line of today is left out."""
    names = _draw(courses, today, HELL, 0)["layout"]["xaxis"]["ticktext"]
    changes: dict[str, Any] = {"xaxis.ticktext": [n if i % 3 == 0 else "" for i, n in enumerate(names)]}
    for place, (_, words) in enumerate(_marks(courses, today)):
        if words == TODAY:
            changes[f"annotations.{place}.text"] = ""
    return changes


def _draw(courses: Sequence[Course], today: date, palette: Palette, height: int) -> Figure:
    first, last = _span(courses)
    shape = layout(palette, (42, 14, 18, 24), height)
    shape["xaxis"] = year_axis(palette, first, last)
    shape["yaxis"] = axis(
        palette,
        range=[0, 1.14],
        tickvals=list(TICKS),
        ticktext=[formats.percent(tick, 0) + " " for tick in TICKS],
        showgrid=True,
        gridcolor=palette["raster"],
        layer="below traces",
    )
    shape["shapes"] = [
        line((day.isoformat(),) * 2, (0, 1.05), palette["rahmen"], width=1, dash="4px,4px")
        for day, _ in _marks(courses, today)
    ]
    names = [_name(place, course, last, palette) for place, course in enumerate(courses)]
    shape["annotations"] = [_mark(day, words, first, last, palette) for day, words in _marks(courses, today)]
    shape["annotations"] += names
    return {"data": [trace for c in courses for trace in _traces(c, last, palette)], "layout": shape}


def _marks(courses: Sequence[Course], today: date) -> list[tuple[date, str]]:
    """Dates with a line of their own: the end each scenario has to keep, and today."""
    first, last = _span(courses)
    marks = [(day, f"Frist {formats.day(day)}") for day in dict.fromkeys(c.due for c in courses)]
    return [(day, words) for day, words in [*marks, (today, TODAY)] if first < day < last]


def _mark(day: date, words: str, first: date, last: date, palette: Palette) -> dict[str, Any]:
    side = "left" if day < _middle(first, last) else "right"
    shift = 4 if side == "left" else -4
    return note(words, day.isoformat(), 1.1, palette["text2"], xanchor=side, xshift=shift)


def _middle(first: date, last: date) -> date:
    return first + (last - first) / 2


def _span(courses: Sequence[Course]) -> tuple[date, date]:
    first = min(course.start for course in courses)
    known = [day for c in courses for day in (c.done, c.earliest, c.latest, c.due) if day]
    furthest = first + timedelta(days=366 * LONGEST_YEARS)
    return first, min(max([*known, first + timedelta(days=365)]), furthest) + timedelta(days=60)


def _traces(course: Course, last: date, palette: Palette) -> list[dict[str, Any]]:
    traces = []
    if course.earliest:
        corners = [(course.start, 0.0), (course.earliest, 1.0), *_late_corners(course, last)]
        x, y = [day.isoformat() for day, _ in corners], [part for _, part in corners]
        traces.append(curve(x, y, fill="toself", fillcolor=palette["band"], line={"width": 0}))
    if course.done:
        ends = [course.start.isoformat(), course.done.isoformat()]
        look = {"color": palette["ist"], "width": 2.25, "dash": "3px,3px"}
        traces.append(curve(ends, [0.0, 1.0], line=look))
    return traces


def _late_corners(course: Course, last: date) -> list[tuple[date, float]]:
    """The worst case; where nobody can date it, everything below is possible."""
    if course.latest:
        return [(course.latest, 1.0), (course.start, 0.0)]
    return [(last, 1.0), (last, 0.0), (course.start, 0.0)]


def _name(place: int, course: Course, last: date, palette: Palette) -> dict[str, Any]:
    """„A“ at the end of its line; the lines of two scenarios may end on the same day."""
    day = min(course.done, last) if course.done else last
    height = 1.0 if course.done else 0.04
    words = course.name if course.done else f"{course.name}: {NEVER}"
    place_words = {"xanchor": "right", "xshift": -6, "yshift": -8 - 15 * place}
    return note(words, day.isoformat(), height, palette["ist"], weight=600, **place_words)


def _sentence(courses: Sequence[Course]) -> str:
    said = [f"{course.name}: {_when(course.done)}" for course in courses]
    return f"Liniendiagramm der Prognose. Erledigt: {', '.join(said)}."


def _when(day: date | None) -> str:
    return formats.day(day) if day else NEVER


def _table(courses: Sequence[Course], caption: str) -> TableData:
    columns = (
        Column("Szenario"), Column("Frist", "right"), Column("erledigt am", "right"),
        Column("bestenfalls", "right"), Column("schlechtestenfalls", "right"),
    )  # fmt: skip
    rows = tuple(
        (c.name, formats.day(c.due), *(_when(day) for day in (c.done, c.earliest, c.latest))) for c in courses
    )
    return TableData(caption, columns, rows)
