"""Business dates and due moments: pure functions, because clock changes are where nights go wrong.

A business date has exactly one due moment by construction: the planned local time of that date, at its
first occurrence when the hour exists twice, shifted forward when it does not exist.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from warehouse.errors import ConfigError

Every = Literal["night", "week", "month"]
RETRY_AFTER = timedelta(minutes=30)
MAX_TRIES = 3
PERIOD_DAYS = {"night": 0, "week": 7, "month": 28}


@dataclass(frozen=True, slots=True)
class Attempt:
    """What the schedule has to know of an earlier run; `finished_at` is None while it runs.

    `whole` is False for a run that was never meant to read every source.
    """

    business_date: date
    state: str
    started_at: datetime
    finished_at: datetime | None = None
    whole: bool = True


def due_moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return the instant (UTC) at which the night of `day` begins."""
    return datetime.combine(day, at, tzinfo=zone).replace(fold=0).astimezone(UTC)


def last_due_date(now: datetime, at: time, zone: ZoneInfo) -> date:
    """Return the newest business date whose due moment is not after `now`."""
    day = now.astimezone(zone).date()
    return day if due_moment(day, at, zone) <= now else day - timedelta(days=1)


def next_due(now: datetime, at: time, zone: ZoneInfo) -> datetime:
    """Return the first due moment strictly after `now`."""
    return due_moment(last_due_date(now, at, zone) + timedelta(days=1), at, zone)


def owed_date(now: datetime, attempts: Iterable[Attempt], at: time, zone: ZoneInfo) -> date | None:
    """Return the business date that still needs its run at `now`, or None.

    Only the newest due date is ever owed (a machine that slept a week catches up once). A date is settled
    by a whole run that published after its due moment; a release of one source leaves the others unread.
    Between midnight and the due moment a run by hand is already of the new date: it settles the one before,
    whose run would put the figures of yesterday on top of those of today.
    Failed tries are repeated at most `MAX_TRIES` times, `RETRY_AFTER` apart; a run that is still going on
    is waited for.
    """
    day = last_due_date(now, at, zone)
    attempts = list(attempts)
    tries = tries_of(day, attempts, at, zone)
    serving = [*tries, *later_runs(day, now, attempts, zone)]
    if any(a.state in ("published", "running") for a in serving) or len(tries) >= MAX_TRIES:
        return None
    last_end = max((a.finished_at or a.started_at for a in tries), default=None)
    # An end in the future means that the clock was set back; waiting for it would skip the night.
    pause = now - last_end if last_end is not None else RETRY_AFTER
    return None if timedelta(0) <= pause < RETRY_AFTER else day


def tries_of(day: date, attempts: Iterable[Attempt], at: time, zone: ZoneInfo) -> list[Attempt]:
    """Whole runs for a business date that began after its due moment, in the order given."""
    due = due_moment(day, at, zone)
    return [a for a in attempts if a.whole and a.business_date == day and a.started_at >= due]


def later_runs(day: date, now: datetime, attempts: Iterable[Attempt], zone: ZoneInfo) -> list[Attempt]:
    """Whole runs for newer dates than `day`; one for a date still to come must not silence the nights."""
    today = local_today(now, zone)
    return [a for a in attempts if a.whole and day < a.business_date <= today]


def local_today(now: datetime, zone: ZoneInfo) -> date:
    """Return the calendar date of the city at `now`."""
    return now.astimezone(zone).date()


def run_instant(business_date: date, now: datetime, at: time, zone: ZoneInfo) -> datetime:
    """Return the `as_of` of a run: now for today, the planned night time for an earlier date."""
    today = local_today(now, zone)
    if business_date > today:
        raise ConfigError(
            "Der Geschäftstag liegt in der Zukunft",
            code="future_date",
            found=business_date.isoformat(),
            allowed=f"bis {today.isoformat()}",
        )
    return now if business_date == today else due_moment(business_date, at, zone)


def is_due(every: str, business_date: date, last_good: date | None) -> bool:
    """True when a source has to be read for this business date.

    `last_good` is the business date of its last good delivery. Weekly sources are read seven days after
    it, monthly ones in a new month or after 28 days without one.
    """
    if last_good is None or last_good >= business_date or every == "night":
        return True
    if every == "month" and (last_good.year, last_good.month) != (business_date.year, business_date.month):
        return True
    return (business_date - last_good).days >= PERIOD_DAYS.get(every, 0)
