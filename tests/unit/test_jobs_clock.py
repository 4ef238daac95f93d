"""Exactly one run per business date, whatever the clock does."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from dashboard.jobs.clock import (
    MAX_TRIES,
    Attempt,
    due_moment,
    is_due,
    last_due_date,
    next_due,
    owed_date,
    run_instant,
)
from warehouse.errors import ConfigError

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = time(3, 15)
QUARTERS = [time(h, m) for h in range(6) for m in (0, 15, 30, 45) if (h, m) <= (5, 30)]
CLOCK_CHANGES = [date(2026, 10, 25), date(2027, 3, 28)]


def _walk(
    day: date, at: time, *, step: timedelta, asleep: tuple[datetime, datetime] | None = None
) -> list[date]:
    """Tick through three days around `day` the way the scheduler does; return the business dates that ran."""
    now = datetime.combine(day - timedelta(days=1), time(0), tzinfo=UTC) - timedelta(hours=2)
    end = now + timedelta(days=3)
    attempts = [Attempt(last_due_date(now, at, BERLIN), "published", now, now)]
    ran: list[date] = []
    while now < end:
        now += step
        if asleep and asleep[0] <= now < asleep[1]:
            continue
        owed = owed_date(now, attempts, at, BERLIN)
        if owed:
            ran.append(owed)
            attempts.append(Attempt(owed, "published", now, now + timedelta(minutes=2)))
    return ran


@pytest.mark.parametrize("day", CLOCK_CHANGES, ids=str)
@pytest.mark.parametrize("at", QUARTERS, ids=lambda t: t.strftime("%H%M"))
def test_d1_each_business_date_runs_exactly_once_around_a_clock_change(day: date, at: time) -> None:
    ran = _walk(day, at, step=timedelta(minutes=1))
    assert ran == sorted(set(ran))
    assert day in ran
    assert [b - a for a, b in pairwise(ran)] == [timedelta(days=1)] * (len(ran) - 1)


@pytest.mark.parametrize("day", CLOCK_CHANGES, ids=str)
def test_the_due_moments_of_neighbouring_dates_are_23_to_25_hours_apart(day: date) -> None:
    for at in QUARTERS:
        gap = due_moment(day + timedelta(days=1), at, BERLIN) - due_moment(day, at, BERLIN)
        assert timedelta(hours=23) <= gap <= timedelta(hours=25)


def test_d1_a_time_that_occurs_twice_means_its_first_occurrence() -> None:
    assert due_moment(date(2026, 10, 25), time(2, 30), BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_d1_a_time_that_does_not_exist_moves_forward() -> None:
    assert due_moment(date(2027, 3, 28), time(2, 30), BERLIN) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


def test_d2_a_machine_that_slept_through_the_night_catches_up_once() -> None:
    day = date(2026, 6, 9)
    asleep = (datetime(2026, 6, 8, 23, tzinfo=UTC), datetime(2026, 6, 9, 5, tzinfo=UTC))
    ran = _walk(day, NIGHT, step=timedelta(minutes=1), asleep=asleep)
    assert ran.count(day) == 1


def test_d2_a_week_of_sleep_owes_the_newest_date_only() -> None:
    now = datetime(2026, 6, 9, 8, tzinfo=UTC)
    old = Attempt(date(2026, 6, 1), "published", datetime(2026, 6, 1, 1, 20, tzinfo=UTC))
    assert owed_date(now, [old], NIGHT, BERLIN) == date(2026, 6, 9)


def test_d3_the_clock_stepping_back_two_hours_does_not_run_a_date_twice() -> None:
    due = due_moment(date(2026, 6, 9), NIGHT, BERLIN)
    done = Attempt(date(2026, 6, 9), "published", due + timedelta(minutes=1), due + timedelta(minutes=2))
    for minutes in range(0, 240, 5):
        assert owed_date(due + timedelta(minutes=minutes), [done], NIGHT, BERLIN) is None


def test_a_run_by_hand_before_the_night_does_not_replace_the_night() -> None:
    early = datetime(2026, 6, 8, 22, 30, tzinfo=UTC)
    by_hand = Attempt(date(2026, 6, 9), "published", early, early)
    assert owed_date(datetime(2026, 6, 9, 1, 15, tzinfo=UTC), [by_hand], NIGHT, BERLIN) == date(2026, 6, 9)


def test_after_midnight_a_run_by_hand_settles_the_day_before_for_its_figures_are_newer() -> None:
    midnight = datetime(2026, 6, 8, 22, 5, tzinfo=UTC)
    today, failed = date(2026, 6, 9), Attempt(date(2026, 6, 9), "failed", midnight, midnight)
    soon = midnight + timedelta(hours=1)
    assert owed_date(soon, [], NIGHT, BERLIN) == date(2026, 6, 8)
    assert owed_date(soon, [failed], NIGHT, BERLIN) == date(2026, 6, 8)
    for state in ("published", "running"):
        assert owed_date(soon, [Attempt(today, state, midnight)], NIGHT, BERLIN) is None
        part = Attempt(today, state, midnight, whole=False)
        assert owed_date(soon, [part], NIGHT, BERLIN) == date(2026, 6, 8)


def test_a_run_for_a_date_still_to_come_silences_no_night() -> None:
    before = datetime(2026, 6, 8, 10, tzinfo=UTC)
    ahead = Attempt(date(2027, 1, 1), "published", before, before)
    assert owed_date(datetime(2026, 6, 9, 1, 15, tzinfo=UTC), [ahead], NIGHT, BERLIN) == date(2026, 6, 9)


def test_d2_a_run_for_one_source_does_not_replace_the_night_and_uses_up_none_of_its_tries() -> None:
    day, due = date(2026, 6, 9), due_moment(date(2026, 6, 9), NIGHT, BERLIN)
    for state in ("published", "failed"):
        parts = [Attempt(day, state, due, due, whole=False) for _ in range(MAX_TRIES)]
        assert owed_date(due + timedelta(minutes=1), parts, NIGHT, BERLIN) == day


def test_a_failed_night_is_tried_again_but_not_for_ever() -> None:
    day, now = date(2026, 6, 9), due_moment(date(2026, 6, 9), NIGHT, BERLIN)
    attempts: list[Attempt] = []
    for _ in range(20):
        if owed_date(now, attempts, NIGHT, BERLIN) == day:
            attempts.append(Attempt(day, "failed", now, now + timedelta(minutes=1)))
        now += timedelta(minutes=10)
    assert len(attempts) == MAX_TRIES
    gaps = [b.started_at - a.started_at for a, b in pairwise(attempts)]
    assert all(gap >= timedelta(minutes=30) for gap in gaps)


def test_d5_a_run_that_is_going_on_is_not_started_a_second_time() -> None:
    due = due_moment(date(2026, 6, 9), NIGHT, BERLIN)
    going = Attempt(date(2026, 6, 9), "running", due)
    assert owed_date(due + timedelta(hours=5), [going], NIGHT, BERLIN) is None


def test_the_next_due_moment_is_strictly_later() -> None:
    due = due_moment(date(2026, 6, 9), NIGHT, BERLIN)
    assert next_due(due, NIGHT, BERLIN) == due_moment(date(2026, 6, 10), NIGHT, BERLIN)


def test_a_run_for_today_counts_as_of_now_and_an_earlier_one_as_of_its_night() -> None:
    now = datetime(2026, 6, 9, 12, tzinfo=UTC)
    assert run_instant(date(2026, 6, 9), now, NIGHT, BERLIN) == now
    assert run_instant(date(2026, 6, 1), now, NIGHT, BERLIN) == datetime(2026, 6, 1, 1, 15, tzinfo=UTC)


def test_a_business_date_in_the_future_is_refused() -> None:
    with pytest.raises(ConfigError, match="Zukunft"):
        run_instant(date(2026, 6, 10), datetime(2026, 6, 9, 12, tzinfo=UTC), NIGHT, BERLIN)


@pytest.mark.parametrize(
    ("every", "last_good", "expected"),
    [
        ("night", date(2026, 6, 8), True),
        ("week", date(2026, 6, 8), False),
        ("week", date(2026, 6, 2), True),
        ("month", date(2026, 6, 1), False),
        ("month", date(2026, 5, 31), True),
        ("month", None, True),
        ("week", date(2026, 6, 9), True),
    ],
)
def test_weekly_and_monthly_sources_are_read_only_when_due(
    every: str, last_good: date | None, expected: bool
) -> None:
    assert is_due(every, date(2026, 6, 9), last_good) is expected


PERIODS = [
    # every, business date, last good delivery, read?
    ("week", date(2027, 1, 4), date(2026, 12, 28), True),  # week 53 of 2026 is a week like any other
    ("week", date(2027, 1, 3), date(2026, 12, 28), False),
    ("week", date(2028, 3, 1), date(2028, 2, 23), True),
    ("week", date(2028, 3, 1), date(2028, 2, 24), False),
    ("month", date(2028, 2, 29), date(2028, 2, 1), True),
    ("month", date(2028, 2, 28), date(2028, 2, 1), False),
    ("month", date(2028, 3, 1), date(2028, 2, 29), True),
    ("month", date(2027, 1, 1), date(2026, 12, 31), True),
    ("month", date(2026, 12, 31), date(2026, 12, 4), False),
    ("month", date(2026, 7, 1), date(2026, 6, 30), True),
    ("night", date(2028, 2, 29), date(2028, 2, 28), True),
]


@pytest.mark.parametrize(("every", "day", "last_good", "expected"), PERIODS)
def test_d6_sources_are_due_at_the_ends_of_weeks_months_and_years(
    every: str, day: date, last_good: date, expected: bool
) -> None:
    assert is_due(every, day, last_good) is expected
