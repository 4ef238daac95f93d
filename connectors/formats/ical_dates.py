"""Dates of one event of a calendar: zones, whole days, repetitions and what was moved or cancelled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rruleset, rrulestr
from icalendar import Event
from icalendar.prop import vDDDLists, vDDDTypes, vRecur

Day = date | datetime
MOST_REPEATS = 2_000
"""Dates of one repeated event; whoever writes more than a daily one for years means something else."""
_TOO_OFTEN = ("SECONDLY", "MINUTELY", "HOURLY")


class UnreadableDateError(ValueError):
    """The event says no day, one in an unknown zone, or repeats in a way no committee does."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One date: `event` says what happens then, `suffix` tells it from other dates of the same event."""

    event: Event
    begins: Day
    ends: Day | None
    suffix: str


def occurrences(master: Event, moved: Sequence[Event], zone: ZoneInfo, last: date) -> Iterator[Occurrence]:
    """The dates of an event up to a day; `moved` are its single dates that were changed or cancelled.

    A repeated event is written out by its own clock, so that 17:00 stays 17:00 when the clocks change.
    Raises UnreadableDateError.
    """
    begins = day_of(master, "DTSTART")
    if begins is None:
        raise UnreadableDateError("DTSTART")
    length = _length(master, begins)
    changed = {_key(day_of(event, "RECURRENCE-ID"), begins): event for event in _in_order(moved)}
    if not repeats(master):
        yield Occurrence(master, begins, _end(begins, length), "")
        return
    for start in _repeated(master, begins, last):
        if _naive(start) not in changed:
            yield Occurrence(master, start, _end(start, length), f"/{_date(start).isoformat()}")
    for original, event in sorted(changed.items(), key=lambda item: item[0]):
        start = day_of(event, "DTSTART") or begins
        if not is_cancelled(event) and _date(local(start, zone)) <= last:
            yield Occurrence(
                event, start, _end(start, _length(event, start)), f"/{original.date().isoformat()}"
            )


def _in_order(moved: Sequence[Event]) -> list[Event]:
    """The highest sequence counts; it is the last that was sent."""
    return sorted(moved, key=sequence)


def sequence(event: Event) -> int:
    """Number of the revision; none, or one that is no number, is the first."""
    found = str(event.get("SEQUENCE", 0))
    return int(found) if found.isdecimal() and len(found) < 10 else 0


def repeats(event: Event) -> bool:
    """Whether the event stands for several dates."""
    return any(event.get(name) is not None for name in ("RRULE", "RDATE"))


def is_cancelled(event: Event) -> bool:
    """Whether the date does not take place."""
    return str(event.get("STATUS", "")).strip().upper() == "CANCELLED"


def day_of(event: Event, name: str) -> Day | None:
    """A date of an event, None when it has none. Raises UnreadableDateError."""
    found = event.get(name)
    if found is None:
        return None
    if not isinstance(found, vDDDTypes) or not isinstance(found.dt, date):
        raise UnreadableDateError(name)
    if isinstance(found.dt, datetime) and found.dt.tzinfo is None and "TZID" in found.params:
        raise UnreadableDateError(f"TZID {found.params['TZID']}")
    return found.dt


def local(day: Day, zone: ZoneInfo) -> Day:
    """A point in time by the clock of the town; a floating one and a whole day mean just that already."""
    if isinstance(day, datetime) and day.tzinfo is not None:
        return day.astimezone(zone).replace(tzinfo=None)
    return day


def _repeated(event: Event, begins: Day, last: date) -> Iterator[Day]:
    dates = _rules(event, begins, last)
    limit = datetime.combine(last, time.max)
    for count, naive in enumerate(dates):
        if naive > limit:
            return
        if count >= MOST_REPEATS:
            raise UnreadableDateError(f"mehr als {MOST_REPEATS} Wiederholungen")
        yield _like(naive, begins)


def _rules(event: Event, begins: Day, last: date) -> rruleset:
    dates, start = rruleset(), _naive(begins)
    # The first date takes place even when the rule does not hit it (RFC 5545, 3.8.5.3).
    dates.rdate(start)
    for rule in _listed(event.get("RRULE")):
        dates.rrule(_rule(rule, begins, last))
    for day in _days(event, "RDATE"):
        dates.rdate(_key(day, begins))
    for day in _days(event, "EXDATE"):
        dates.exdate(_key(day, begins))
    return dates


def _rule(rule: Any, begins: Day, last: date) -> Any:
    if not isinstance(rule, vRecur):
        raise UnreadableDateError("RRULE")
    said = {name.upper(): values for name, values in dict(rule).items()}
    if (frequency := str(_first(said.get("FREQ")))) in _TOO_OFTEN:
        raise UnreadableDateError(f"FREQ={frequency}")
    limit = datetime.combine(last, time.max)
    if "COUNT" not in said:
        until = said.pop("UNTIL", None)
        given = [limit] if until is None else [limit, _key(_first(until), begins, whole_day=True)]
        said["UNTIL"] = [min(given)]
    parts = ";".join(f"{name}={_spelled(values)}" for name, values in said.items())
    try:
        return rrulestr(parts, dtstart=_naive(begins))
    except (ValueError, TypeError) as error:
        raise UnreadableDateError("RRULE") from error


def _spelled(values: Any) -> str:
    return ",".join(
        value.strftime("%Y%m%dT%H%M%S") if isinstance(value, datetime) else str(value)
        for value in _listed(values)
    )


def _days(event: Event, name: str) -> Iterator[Day]:
    for found in _listed(event.get(name)):
        if not isinstance(found, vDDDLists):
            raise UnreadableDateError(name)
        yield from (item.dt for item in found.dts if isinstance(item.dt, date))


def _listed(found: Any) -> list[Any]:
    return [] if found is None else list(found) if isinstance(found, list) else [found]


def _first(values: Any) -> Any:
    return values[0] if isinstance(values, list) and values else values


def _length(event: Event, begins: Day) -> timedelta | None:
    ends = day_of(event, "DTEND")
    if ends is not None and isinstance(ends, datetime) == isinstance(begins, datetime):
        return _naive(ends) - _naive(begins) if _alike(begins, ends) else ends - begins
    found = event.get("DURATION")
    return found.dt if isinstance(found, vDDDTypes) and isinstance(found.dt, timedelta) else None


def _alike(one: Day, other: Day) -> bool:
    return str(getattr(one, "tzinfo", None)) == str(getattr(other, "tzinfo", None))


def _end(begins: Day, length: timedelta | None) -> Day | None:
    return None if length is None else begins + length


def _key(day: Any, begins: Day, *, whole_day: bool = False) -> datetime:
    """The same point in time by the clock of the event, without its zone."""
    if not isinstance(day, date):
        raise UnreadableDateError("Wiederholung")
    if not isinstance(day, datetime):
        clock = time.max if whole_day else _naive(begins).time()
        return datetime.combine(day, clock)
    if day.tzinfo is not None and isinstance(begins, datetime) and begins.tzinfo is not None:
        day = day.astimezone(begins.tzinfo)
    return _naive(day)


def _naive(day: Day) -> datetime:
    return day.replace(tzinfo=None) if isinstance(day, datetime) else datetime.combine(day, time())


def _like(naive: datetime, begins: Day) -> Day:
    return naive.replace(tzinfo=begins.tzinfo) if isinstance(begins, datetime) else naive.date()


def _date(day: Day) -> date:
    return day.date() if isinstance(day, datetime) else day
