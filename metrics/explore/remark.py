"""Sentences that belong wherever the figures of a pivot are shown: which time they are about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from metrics.definition import Definition
from metrics.explore.answer import Answer
from metrics.explore.earlier import Earlier
from metrics.explore.span import Days, finest
from metrics.explore.whole import Whole
from metrics.levels import member_of, span_of
from metrics.question import add_months, period_end

STAND = (
    "Bestände stehen am Ende jedes Zeitabschnitts, im laufenden heute; ihr Gesamtwert ist der letzte Stand."
)


def remarks(whole: Whole, answers: Mapping[str, Answer]) -> Iterator[str]:
    """Yield what a reader has to know about the time behind the figures."""
    definitions = _definitions(whole, answers)
    name, flows = finest(whole.axes.fields), _flows(definitions)
    if name and any(item.over_time == "last" for item in definitions.values()):
        yield STAND
    if name and (flows or not definitions):
        yield from _cut_off(name, whole, answers)
    for subject, definition in flows.items():
        if name is None and whole.days is None:
            yield from _window(definition, answers[subject])
        elif name and definition.window_months > 1 and definition.kind != "sum":
            yield f"„{_short(definition)}“ zählt in jedem Zeitabschnitt nur dessen eigene Monate."


def unfinished(whole: Whole, answers: Mapping[str, Answer]) -> str | None:
    """The last length of time on an axis, where it is not over or counted in part: „2026“, „2026-Q2“.

    Only where something happens in it: a stock stands at a day. Records may lie ahead (planned ends), then
    the present one is not the last.
    """
    name, definitions = finest(whole.axes.fields), _definitions(whole, answers)
    if name is None or (definitions and not _flows(definitions)):
        return None
    end = _end(whole)
    member = member_of(name, end)
    if span_of(name, member)[1] <= end:
        return None
    return member if whole.days or member == max(_members(name, whole, answers), default="") else None


def compared(earlier: Earlier, whole: Whole) -> Iterator[str]:
    """Yield the earlier time figures are compared with, by name where they differ in it."""
    told = {subject: _span_words(days) for subject, days in earlier.spans().items()}
    if len(set(told.values())) == 1:
        yield f"Verglichen mit {next(iter(told.values()))}."
        return
    for subject, words in told.items():
        definition = whole.definition(subject)
        yield f"„{_short(definition) if definition else whole.dataset.title}“ verglichen mit {words}."


def _definitions(whole: Whole, answers: Mapping[str, Answer]) -> dict[str, Definition]:
    return {name: item for name in answers if name and (item := whole.definition(name))}


def _flows(definitions: Mapping[str, Definition]) -> dict[str, Definition]:
    return {key: item for key, item in definitions.items() if item.over_time == "sum"}


def _end(whole: Whole) -> date:
    today = whole.snapshot.business_date
    return min(whole.days[1], today) if whole.days else today


def _members(name: str, whole: Whole, answers: Mapping[str, Answer]) -> Iterator[str]:
    """Lengths of time something was found in."""
    for row, column in (place for answer in answers.values() for place in answer.found):
        pairs = (*zip(whole.axes.rows, row, strict=False), *zip(whole.axes.columns, column, strict=False))
        yield from (value for key, value in pairs if key == name and value)


def _cut_off(name: str, whole: Whole, answers: Mapping[str, Answer]) -> Iterator[str]:
    days, end, last = whole.days, _end(whole), unfinished(whole, answers)
    if days and days[0] > span_of(name, member_of(name, days[0]))[0]:
        yield f"Der erste Zeitabschnitt beginnt erst am {days[0]:%d.%m.%Y}."
    if last and days:
        yield f"Gezählt ist {_span_words((days[0], end))}: {_member_words(last)} ist nicht voll."
    elif last:
        yield f"{_member_words(last)} läuft noch: Stand {end:%d.%m.%Y}."


def _member_words(member: str) -> str:
    """„2026“, „Q2/2026“, „06/2026“."""
    year, _, part = member.partition("-")
    return f"{part}/{year}" if part else year


def _span_words(days: Days) -> str:
    """„06/2024 bis 05/2025“ for whole months, else its days; a day alone is a Stand."""
    first, last = days
    if first == last:
        return f"dem Stand {last:%d.%m.%Y}"
    whole = first.day == 1 and (last + timedelta(days=1)).day == 1
    one, other = (f"{day:%m/%Y}" if whole else f"{day:%d.%m.%Y}" for day in days)
    return one if one == other else f"{one} bis {other}"


def _window(definition: Definition, answer: Answer) -> Iterator[str]:
    last = max((item.period for item in answer.found.values() if item.period), default=None)
    if last is None or definition.grain != "month":
        return
    days = add_months(last, 1 - definition.window_months), period_end(last, definition.grain)
    yield f"„{_short(definition)}“ zählt {_span_words(days)}."


def _short(definition: Definition) -> str:
    return definition.short or definition.label
