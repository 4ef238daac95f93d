"""Who is connected: a share that rises by waves as step line against its Soll, the waves as events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from dashboard import formats, texts
from dashboard.figures.chart import Chart, Figure, TableData, columns, on_days, themed
from dashboard.figures.s_curve import soll_at
from dashboard.figures.template import axis, curve, layout, line, note, year_axis
from dashboard.theme import Palette
from metrics.result import Number, Rating

TOP, BOTTOM = 30, 24


@dataclass(frozen=True, slots=True)
class Step:
    """State reported for a day."""

    on: date
    part: int
    whole: int

    @property
    def share(self) -> float:
        """Part of the whole as a fraction."""
        return self.part / self.whole if self.whole else 0.0


@dataclass(frozen=True, slots=True)
class Wave:
    """Units that went live together; `units` are short names, `planned` one that lies ahead.

    Whoever sees only some units cannot number the waves of the town: `number` is None then.
    """

    on: date
    number: int | None
    units: tuple[str, ...] = ()
    planned: bool = False

    @property
    def label(self) -> str:
        """„Welle 3“, or the month without a number."""
        return formats.month(self.on) if self.number is None else f"Welle {self.number}"


@dataclass(frozen=True, slots=True)
class StepLine:
    """Steps up to the Stichtag `at`, the path of the Soll to its end, and the waves.

    The newest state holds until the Stichtag, and is compared with the Soll of that day.
    """

    steps: Sequence[Step]
    soll: Sequence[tuple[date, Number]] = ()
    waves: Sequence[Wave] = ()
    rating: Rating = "neu"
    part: str = "angebunden"
    whole: str = "Arbeitsplätze"
    at: date | None = None

    @property
    def now(self) -> date:
        """The day of the comparison; asked only where there are steps."""
        return self.at or self.steps[-1].on


def step_line(data: StepLine, *, height: int = 250) -> Chart:
    """Draw the line; without Soll or waves what belongs to them is left out."""
    narrow: dict[str, Any] = {"margin.l": 40}
    narrow |= {
        f"annotations.{index}.text": "" if wave.number is None else str(wave.number)
        for index, wave in enumerate(data.waves)
    }
    figure = themed(lambda palette: _draw(data, palette, height), narrow=narrow, below=520)
    spots = on_days({formats.day(step.on): step.on for step in data.steps})
    return Chart(figure, _sentence(data), _table(data), height, spots)


def _draw(data: StepLine, palette: Palette, height: int) -> Figure:
    shape = layout(palette, (46, 16, TOP, BOTTOM), height)
    days = [step.on for step in data.steps] + [day for day, _ in data.soll] + [w.on for w in data.waves]
    begin, end = (min(days), max(days)) if days else (date(2021, 1, 1), date(2021, 12, 31))
    shape["xaxis"] = year_axis(palette, begin, end + timedelta(days=40))
    ticks = [0, 0.25, 0.5, 0.75, 1]
    shape["yaxis"] = axis(
        palette,
        range=[0, 1.06],
        tickvals=ticks,
        ticktext=[f"{formats.percent(tick, 0)} " for tick in ticks],
        showgrid=True,
        gridcolor=palette["raster"],
        layer="below traces",
    )
    shape["shapes"] = [_wave_line(wave, palette) for wave in data.waves]
    shape["annotations"] = [*_wave_notes(data.waves, palette), *_today_notes(data, palette)]
    return {"data": _traces(data, palette), "layout": shape}


def _wave_line(wave: Wave, palette: Palette) -> dict[str, Any]:
    look = {"width": 1, "dash": "2px,3px", "yref": "paper", "layer": "below"}
    return line((wave.on.isoformat(),) * 2, (0, 1), palette["achse"], **look)


def _wave_notes(waves: Sequence[Wave], palette: Palette) -> list[dict[str, Any]]:
    """Names of waves in two heights, so that neighbours do not touch."""
    place = {"yref": "paper", "xanchor": "center"}
    return [
        note(wave.label, wave.on.isoformat(), 1, palette["text2"], yshift=9 + 13 * (index % 2), **place)
        for index, wave in enumerate(waves)
    ]


def _traces(data: StepLine, palette: Palette) -> list[dict[str, Any]]:
    traces = []
    if data.soll:
        days, values = [day.isoformat() for day, _ in data.soll], [float(value) for _, value in data.soll]
        traces.append(curve(days, values, line={"color": palette["plan"], "width": 1.5, "dash": "9px,7px"}))
    if data.steps:
        days = [*(s.on.isoformat() for s in data.steps), data.now.isoformat()]
        values = [*(s.share for s in data.steps), data.steps[-1].share]
        traces.append(curve(days, values, line={"color": palette["ist"], "width": 3, "shape": "hv"}))
        traces.append(_mark(data.now, values[-1], palette["ist"], palette["flaeche"], "circle"))
    if data.soll and data.steps and data.soll[-1][0] > data.now:
        day, value = data.soll[-1]
        traces.append(_mark(day, float(value), palette["flaeche"], palette["plan"], "diamond"))
    return traces


def _mark(on: date, value: float, fill: str, edge: str, symbol: str) -> dict[str, Any]:
    marker = {"symbol": symbol, "size": 10, "color": fill, "line": {"color": edge, "width": 2}}
    return curve([on.isoformat()], [value], mode="markers", marker=marker)


def _today_notes(data: StepLine, palette: Palette) -> list[dict[str, Any]]:
    if not data.steps:
        return []
    last, soll = data.steps[-1], soll_at(data.soll, data.now)
    words = f"<b>Ist {formats.number(last.part)}</b> ({formats.percent(last.share)})"
    place = {"xanchor": "right", "xshift": -10, "bgcolor": palette["flaeche"], "borderpad": 0}
    above = max(last.share, float(soll or 0))
    day = data.now.isoformat()
    notes = [note(words, day, above, palette["ist"], yshift=28 if soll is not None else 12, **place)]
    if soll is not None:
        ink = palette[data.rating] if data.rating in ("warn", "krit") else palette["text"]
        notes.append(note(f"Soll heute {formats.percent(soll)}", day, above, ink, yshift=12, **place))
    return notes


def _sentence(data: StepLine) -> str:
    if not data.steps:
        return "Treppenlinie ohne Werte."
    first, last = data.steps[0], data.steps[-1]
    soll = soll_at(data.soll, data.now)
    words = [
        f"Treppenlinie, {formats.month(first.on)} bis {formats.month(last.on)}. {data.whole} {data.part}: "
        f"von {formats.percent(first.share)} auf {formats.percent(last.share)}",
        f"Soll {formats.percent(soll)}" if soll is not None else "ohne Soll",
        texts.plural(len(data.waves), "Welle", "Wellen"),
    ]
    return ", ".join(words) + "."


def _table(data: StepLine) -> TableData:
    """Months that are reported, then those of the path and of waves that lie ahead."""
    known = {step.on: step for step in data.steps}
    if data.steps:
        # The newest state holds on the Stichtag; its row is what the end of the line shows.
        known.setdefault(data.now, data.steps[-1])
    waves: dict[date, list[Wave]] = {}
    for wave in data.waves:
        waves.setdefault(wave.on, []).append(wave)
    days = sorted({*known, *waves, *(day for day, _ in data.soll)})
    head = (*columns("Tag", data.part, data.whole, "Anteil", "Soll"), *columns("Ereignis"))
    rows = tuple(_cells(day, known.get(day), data.soll, waves.get(day, [])) for day in days)
    return TableData(f"{data.whole} {data.part}, Ist und Soll", head, rows)


def _cells(
    day: date, step: Step | None, soll: Sequence[tuple[date, Number]], waves: Sequence[Wave]
) -> tuple[str, ...]:
    numbers = (
        (formats.number(step.part), formats.number(step.whole), formats.percent(step.share))
        if step
        else (formats.MISSING,) * 3
    )
    return (formats.day(day), *numbers, formats.percent(soll_at(soll, day)), _wave_words(waves))


def _wave_words(waves: Sequence[Wave]) -> str:
    words = [
        f"{wave.label}{' (geplant)' if wave.planned else ''}"
        + (f": {', '.join(wave.units)}" if wave.units else "")
        for wave in waves
    ]
    return "; ".join(words) or formats.MISSING
