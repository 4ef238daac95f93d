"""Sentences that belong wherever the figures of a pivot are shown: which time they are about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from metrics.definition import Definition
from metrics.explore.answer import Answer
from metrics.explore.span import Days, finest
from metrics.explore.whole import Whole
from metrics.levels import member_of, span_of
from metrics.question import add_months

STAND = (
    "Bestände stehen am Ende jedes Zeitabschnitts, im laufenden heute; ihr Gesamtwert ist der letzte Stand."
)


def remarks(whole: Whole, answers: Mapping[str, Answer]) -> Iterator[str]:
    """Yield what a reader has to know about the time behind the figures."""
    definitions = {name: item for name in answers if name and (item := whole.definition(name))}
    name = finest(whole.axes.fields)
    flows = {key: item for key, item in definitions.items() if item.over_time == "sum"}
    if name and any(item.over_time == "last" for item in definitions.values()):
        yield STAND
    if name and whole.days and (flows or not definitions):
        yield from _cut_off(name, whole.days, whole.snapshot.business_date)
    for subject, definition in flows.items():
        if name is None and whole.days is None:
            yield from _window(definition, answers[subject])
        elif name and definition.window_months > 1 and definition.kind != "sum":
            yield f"„{_short(definition)}“ zählt in jedem Zeitabschnitt nur dessen eigene Monate."


def _cut_off(name: str, days: Days, today: date) -> Iterator[str]:
    first, last = (span_of(name, member_of(name, day)) for day in days)
    if days[0] > first[0]:
        yield f"Der erste Zeitabschnitt beginnt erst am {days[0]:%d.%m.%Y}."
    end = min(days[1], today)
    if end < last[1]:
        yield f"Der letzte Zeitabschnitt ist nicht voll: gezählt bis {end:%d.%m.%Y}."


def _window(definition: Definition, answer: Answer) -> Iterator[str]:
    last = max((item.period for item in answer.found.values() if item.period), default=None)
    if last is None or definition.grain != "month":
        return
    first = add_months(last, 1 - definition.window_months)
    span = f"{last:%m/%Y}" if first == last else f"{first:%m/%Y} bis {last:%m/%Y}"
    yield f"„{_short(definition)}“ zählt {span}."


def _short(definition: Definition) -> str:
    return definition.short or definition.label
