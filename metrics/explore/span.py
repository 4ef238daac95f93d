"""The time a question is about: lengths of time on an axis, their days, and the periods of a figure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from metrics.definition import Definition
from metrics.explore.question import TIME_FIELDS, Filter, PivotQuestion
from metrics.levels import member_of, members_between, span_of
from metrics.question import add_months, floor, last_complete, last_stock
from warehouse.errors import ConfigError

MOST_MEMBERS = 60
_USUAL = {"month": 12, "quarter": 24, "year": 60}
"""Months shown when nobody said which: twelve months, eight quarters, five years."""

Days = tuple[date, date]


def finest(names: Iterable[str]) -> str | None:
    """Return the shortest length of time among fields, None without any."""
    found = [name for name in TIME_FIELDS if name in names]
    return found[-1] if found else None


def days_of(question: PivotQuestion, definitions: Sequence[Definition], business_date: date) -> Days | None:
    """Return first and last day asked for; None when each figure keeps its own window.

    definitions: of the figures; none for a list, whose records are all meant when nobody said which.

    Raises ConfigError (bad_filter, bad_period) for lengths of time that are none or do not join, and for more
    of them than fit on an axis.
    """
    span = question.between
    for item in question.filters:
        if item.name in TIME_FIELDS:
            span = _within(span, _days_of_filter(item))
    name = finest((*question.rows, *question.columns))
    if span is None and name is not None and definitions:
        span = _usual_days(name, question, definitions, business_date)
    if span is not None and name is not None:
        _check_length(name, span)
    return span


def _within(span: Days | None, other: Days) -> Days:
    if span is None:
        return other
    first, last = max(span[0], other[0]), min(span[1], other[1])
    if first > last:
        raise ConfigError("Die gewählten Zeiträume überschneiden sich nicht", code="bad_period")
    return first, last


def _days_of_filter(item: Filter) -> Days:
    ends = [value for value in item.values if value]
    spans = sorted(_days_of_member(item.name, value) for value in ends)
    if not spans or (item.op == "between" and len(ends) < 2):
        raise ConfigError("Der Zeitraum hat keinen Anfang oder kein Ende", code="bad_filter", found=item.name)
    joined = all(_follows(one, other) for one, other in pairwise(spans))
    if item.op == "in" and not joined:
        raise ConfigError(
            "Einzelne Zeiträume mit Lücken lassen sich nicht zusammenfassen",
            code="bad_filter",
            found=", ".join(ends),
            next_step="Eine Spanne wählen (von – bis)",
        )
    return spans[0][0], spans[-1][1]


def _follows(one: Days, other: Days) -> bool:
    return other[0] <= one[1] + timedelta(days=1)


def check_member(name: str, value: str) -> None:
    """Raise ConfigError (bad_period) for what is no such length of time; none at all is an open end."""
    if value:
        _days_of_member(name, value)


def _days_of_member(name: str, value: str) -> Days:
    try:
        first, last = span_of(name, value)
    except ValueError:
        first = last = date.min
    if first.year < 1900 or member_of(name, first) != value:
        raise ConfigError("Diesen Zeitraum gibt es nicht", code="bad_period", found=value)
    return first, last


def _usual_days(
    name: str, question: PivotQuestion, definitions: Sequence[Definition], business_date: date
) -> Days:
    """Stocks end with today, flows with the last month that is over."""
    day = min(question.at or business_date, business_date)
    if any(definition.over_time == "last" for definition in definitions):
        last = day
    else:
        last = add_months(last_complete(day, "month"), 1) - timedelta(days=1)
    begin, end = span_of(name, member_of(name, last))
    length = (end.year - begin.year) * 12 + end.month - begin.month + 1
    first = add_months(begin, length - _USUAL[name])
    # A year beside its months begins with January: a part of a year looks like a small one.
    whole = next(item for item in TIME_FIELDS if item in (*question.rows, *question.columns))
    return span_of(whole, member_of(whole, first))[0], last


def _check_length(name: str, span: Days) -> None:
    count = sum(1 for _ in members_between(name, *span))
    if count > MOST_MEMBERS:
        raise ConfigError(
            "Der Zeitraum hat mehr Abschnitte, als nebeneinander passen",
            code="bad_period",
            found=count,
            allowed=f"höchstens {MOST_MEMBERS}",
            next_step="Einen kürzeren Zeitraum oder Quartale oder Jahre wählen",
        )


@dataclass(frozen=True, slots=True)
class Stand:
    """A length of time and the period whose figure stands for its end."""

    member: str
    period: date


def stands(name: str, days: Days, grain: str, at: date | None, business_date: date) -> list[Stand]:
    """Return for each length of time the period a stock is read from: its last one, at the latest today's.

    Lengths of time of which nothing is known yet are left out.
    """
    found = []
    for member in members_between(name, *days):
        first, last = span_of(name, member)
        period = stand(min(last, days[1]), grain, at, business_date)
        if period >= floor(first, grain):
            found.append(Stand(member, period))
    return found


def stand(day: date, grain: str, at: date | None, business_date: date) -> date:
    """Return the period of a stock on a day."""
    return last_stock(min(day, at or day, business_date), business_date, grain)


def shifted_by_day(days: Days, months: int) -> Days:
    """Return the same days some months earlier, for what happened on a day: parts of a month stay parts."""
    last = shifted(days, months)[1] if _ends_month(days[1]) else _day_before(days[1], months)
    return _day_before(days[0], months), last


def _ends_month(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1


def _day_before(day: date, months: int) -> date:
    first = add_months(day.replace(day=1), -months)
    return min(first + timedelta(days=day.day - 1), add_months(first, 1) - timedelta(days=1))


def shifted(days: Days, months: int) -> Days:
    """Return the same span some months earlier; a last day of a month stays one."""
    first = add_months(days[0].replace(day=1), -months)
    last = add_months(days[1].replace(day=1), 1 - months) - timedelta(days=1)
    return first, last
