"""A figure ready to be shown: from the answer of the one door to finished texts, bar and course."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from dashboard import formats, texts
from dashboard.components.bullet import Bar, bar_of
from dashboard.figures.marks import Mark, sentence
from dashboard.figures.svg import Spot
from metrics.definition import SPAN, Definition
from metrics.result import Cell, MetricResult, Number, Rating

SEPARATOR = " · "
"""Between the parts of a reference line."""


@dataclass(frozen=True, slots=True)
class Course:
    """Values of the last months, oldest first, and the Soll where it is constant.

    `spots` are the places of comments and events; `sentence` says them, too.
    """

    values: tuple[Number | None, ...]
    soll: Number | None
    sentence: str
    months: tuple[date | None, ...] = ()
    spots: tuple[Spot, ...] = ()


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """Everything a tile, a band entry or a line of a list says about one figure."""

    metric_id: str
    number: str
    label: str
    value: str
    unit: str
    rating: Rating
    reference: str
    stand: str
    stale: bool
    nature: str
    bar: Bar | None = None
    course: Course | None = None

    @property
    def spoken(self) -> str:
        """Value with its unit in one text."""
        return f"{self.value}{formats.NBSP}{self.unit}" if self.unit else self.value

    @property
    def is_noted(self) -> bool:
        """Whether somebody noted something about the months of the course."""
        return self.course is not None and bool(self.course.spots)

    @property
    def comparable(self) -> str:
        """The value as its Soll is given: „17 von 186 (9,1 %)“ of a count whose Soll is a share."""
        share = self.reference.split(SEPARATOR)[0]
        return f"{self.spoken} ({share})" if self.unit.startswith("von ") and "%" in share else self.spoken


def key_figure(
    result: MetricResult,
    definition: Definition,
    *,
    zone: ZoneInfo,
    label: str | None = None,
    history: MetricResult | None = None,
    noun: str = "",
    on: date | None = None,
) -> KeyFigure:
    """Return a figure of an answer without breakdown; `history` is the same question by „period“.

    A share where less is better leads with its count (159 von 3.046): that is what has to be worked off.
    `noun` follows the absolute pair („Anträgen“), `on` is the Stichtag of a view that looks back.
    """
    cell = result.total
    value, unit = _lead(cell, definition)
    return KeyFigure(
        metric_id=result.metric_id,
        number=definition.number,
        label=label or definition.short or definition.label,
        value=value,
        unit=unit,
        rating=cell.rating if cell else "neu",
        reference=reference(cell, definition, noun, on),
        stand=_stand(result, zone),
        stale=bool(result.stale_sources),
        nature=result.nature,
        bar=_bar(cell, definition),
        course=course(history, definition) if history else None,
    )


def _stand(result: MetricResult, zone: ZoneInfo) -> str:
    """Day of the Datenstand, with its year when that is not the year of the snapshot."""
    if result.as_of is None:
        return formats.MISSING
    day = result.as_of.astimezone(zone).date()
    return formats.day_short(day) if day.year == result.business_date.year else formats.day(day)


def with_bar(figure: KeyFigure, bar: Bar | None, reference_text: str) -> KeyFigure:
    """Return the figure with another bar and reference line, as the budget tile needs it."""
    return replace(figure, bar=bar, reference=reference_text)


def _counts_lead(definition: Definition) -> bool:
    return definition.kind == "share" and definition.better == "lower"


def _lead(cell: Cell | None, definition: Definition) -> tuple[str, str]:
    if cell is not None and cell.suppressed:
        return formats.hidden(definition), ""
    if cell is None or cell.value is None:
        return formats.MISSING, ""
    if _counts_lead(definition) and cell.numerator is not None:
        return formats.number(cell.numerator), f"von {formats.number(cell.denominator)}"
    return formats.parts(cell.value, definition.unit, definition.decimals)


def reference(cell: Cell | None, definition: Definition, noun: str = "", on: date | None = None) -> str:
    """Line below the bar: the absolute pair of a share or „Median“, what qualifies it, the Soll of today."""
    if cell is not None and cell.suppressed:
        return texts.HIDDEN_NOTE
    if cell is None or cell.value is None:
        return "Noch keine Werte"
    words = [_basis(cell, definition, noun), _qualified(cell, definition), soll_words(cell, definition, on)]
    return SEPARATOR.join(word for word in words if word)


def _basis(cell: Cell, definition: Definition, noun: str) -> str:
    if definition.kind == "share":
        if _counts_lead(definition):
            return formats.percent(cell.value, definition.decimals)
        pair = f"{formats.number(cell.numerator)} von {formats.number(cell.denominator)}"
        return f"{pair} {noun}" if noun else pair
    if definition.kind == "quantile":
        return "Median"
    return "Mittel" if definition.kind == "mean" else ""


def _qualified(cell: Cell, definition: Definition) -> str:
    """„unvollständig“, „über“, or how far a figure reaches that is not known exactly."""
    if cell.qualifier != SPAN:
        return cell.qualifier or ""
    bounds = (formats.amount(v, definition.unit, definition.decimals) for v in (cell.lower, cell.upper))
    return " bis ".join(bounds)


def soll_words(cell: Cell, definition: Definition, on: date | None = None) -> str:
    """„Soll heute 45,0 %“, or „Soll höchstens 20 Tage“ where less is better; nothing without Soll.

    `on` is the Stichtag of a view that looks back: what held then is not the Soll of today.
    """
    if cell.target is None:
        return ""
    amount = formats.amount(cell.target, definition.unit, definition.decimals)
    day = formats.day(on) if on else "heute"
    return f"Soll höchstens {amount}" if definition.better == "lower" else f"Soll {day} {amount}"


def _bar(cell: Cell | None, definition: Definition) -> Bar | None:
    # A balance around zero has no length that would mean anything.
    if cell is None or cell.suppressed or definition.unit == "eur":
        return None
    return bar_of(cell.value, cell.target, share=definition.kind == "share")


def course(history: MetricResult, definition: Definition, months: int = 13) -> Course:
    """Return the last months of an answer by „period“; the Soll only where it did not change."""
    rows = history.rows[-months:]
    targets = {row.target for row in rows}
    soll = next(iter(targets)) if len(targets) == 1 else None
    periods = tuple(row.period for row in rows)
    return Course(tuple(row.value for row in rows), soll, _course_sentence(rows, definition), periods)


def with_marks(figure: KeyFigure, marks: Sequence[Mark]) -> KeyFigure:
    """Return the figure with the comments and events about the months its course shows."""
    if figure.course is None:
        return figure
    places = {(day.year, day.month): index for index, day in enumerate(figure.course.months) if day}
    found = [mark for mark in marks if (mark.month.year, mark.month.month) in places]
    if not found:
        return figure
    spots = tuple(Spot(places[mark.month.year, mark.month.month], mark.event) for mark in found)
    told = f"{figure.course.sentence}. {sentence(found)}"
    return replace(figure, course=replace(figure.course, spots=spots, sentence=told))


def _course_sentence(rows: tuple[Cell, ...], definition: Definition) -> str:
    known = [row for row in rows if row.value is not None and row.period is not None]
    if len(known) < 2:
        return "Verlauf: noch keine Werte"
    first, last = known[0], known[-1]
    start = formats.amount(first.value, definition.unit, definition.decimals)
    end = formats.amount(last.value, definition.unit, definition.decimals)
    return f"Verlauf {formats.month(first.period)} bis {formats.month(last.period)}: von {start} auf {end}"


def worst(ratings: list[Rating]) -> Rating | None:
    """Return the most urgent rating, None for none."""
    return min(ratings, key=texts.URGENCY.index) if ratings else None
