"""The scheduler as a process: one at a time, catch-up at start, one run per business date."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from tiny_city import write_city

from dashboard.jobs.clock import due_moment, last_due_date
from dashboard.jobs.heartbeat import scheduler_alive
from dashboard.jobs.locks import is_held, only_one
from dashboard.jobs.schedule import Night, NightTrigger, make_scheduler
from dashboard.settings import Settings
from warehouse.errors import RetriableError
from warehouse.ledger import Ledger


@pytest.fixture
def city(tmp_path: Path) -> Settings:
    return write_city(tmp_path)


class Clock:
    """A clock that tests move."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def _night(city: Settings, clock: Clock, *, state: str = "published") -> tuple[Night, list[date]]:
    """A night whose refresh only notes itself in the ledger."""
    ledger, ran = Ledger(city.ledger_url), list[date]()

    def start(day: date) -> int:
        ran.append(day)
        run_id = f"run-{len(ran)}"
        ledger.start_run(run_id, business_date=day, trigger="night", started_at=clock.now)
        ledger.finish_run(run_id, state=state, finished_at=clock.now + timedelta(minutes=2))
        return 0

    return Night(city, ledger, start, clock), ran


@pytest.mark.parametrize("day", [date(2026, 10, 25), date(2027, 3, 28)], ids=str)
def test_the_night_runs_once_per_date_around_a_clock_change(city: Settings, day: date) -> None:
    clock = Clock(datetime.combine(day, datetime.min.time(), tzinfo=UTC) - timedelta(hours=30))
    night, ran = _night(city, clock)
    for _ in range(24 * 12 * 3):
        clock.now += timedelta(minutes=5)
        night.look()
    assert ran.count(day) == 1
    assert len(ran) == len(set(ran)) and ran == sorted(ran)


def test_a_start_after_a_missed_night_catches_up_and_a_second_start_does_not(city: Settings) -> None:
    clock = Clock(datetime(2026, 6, 9, 9, tzinfo=UTC))
    night, ran = _night(city, clock)
    night.look()
    again, ran_again = _night(city, clock)
    again.look()
    assert (ran, ran_again) == ([date(2026, 6, 9)], [])


def test_a_killed_run_does_not_block_the_night(city: Settings) -> None:
    clock = Clock(datetime(2026, 6, 9, 9, tzinfo=UTC))
    night, ran = _night(city, clock)
    Ledger(city.ledger_url).start_run(
        "dead", business_date=date(2026, 6, 9), trigger="night", started_at=clock.now - timedelta(hours=1)
    )
    night.look()
    clock.now += timedelta(hours=2)
    night.look()
    assert ran == [date(2026, 6, 9)]


def test_looking_twice_at_once_starts_one_run(city: Settings) -> None:
    clock, release, started = Clock(datetime(2026, 6, 9, 9, tzinfo=UTC)), threading.Event(), list[date]()

    def start(day: date) -> int:
        started.append(day)
        release.wait(5)
        return 0

    night = Night(city, Ledger(city.ledger_url), start, clock)
    threads = [threading.Thread(target=night.look) for _ in range(5)]
    for thread in threads:
        thread.start()
    time.sleep(0.3)
    release.set()
    for thread in threads:
        thread.join()
    assert started == [date(2026, 6, 9)]


def test_jobs_are_neither_dropped_nor_doubled_by_apscheduler(city: Settings) -> None:
    scheduler = make_scheduler(_night(city, Clock(datetime.now(UTC)))[0], city)
    scheduler.start(paused=True)
    try:
        jobs = scheduler.get_jobs()
        assert {job.id for job in jobs} == {"night", "look", "beat"}
        assert all(job.misfire_grace_time is None and job.coalesce and job.max_instances == 1 for job in jobs)
    finally:
        scheduler.shutdown(wait=False)


@pytest.mark.parametrize("day", [date(2026, 10, 25), date(2027, 3, 28)], ids=str)
def test_the_trigger_fires_once_a_day_around_a_clock_change(city: Settings, day: date) -> None:
    trigger = NightTrigger(city.night.at, city.zone)
    now = datetime.combine(day - timedelta(days=2), datetime.min.time(), tzinfo=UTC)
    fired: list[datetime] = []
    for _ in range(4):
        now = trigger.get_next_fire_time(fired[-1] if fired else None, now)
        fired.append(now)
    days = [moment.astimezone(city.zone).date() for moment in fired]
    assert days == [days[0] + timedelta(days=n) for n in range(4)]
    assert fired == [due_moment(d, city.night.at, city.zone) for d in days]


def test_only_one_scheduler_holds_the_lock_and_a_dead_one_frees_it(tmp_path: Path) -> None:
    path = tmp_path / "schedule.lock"
    with only_one(path, "Der Zeitplan"):
        assert is_held(path)
        with pytest.raises(RetriableError, match="PID"), only_one(path, "Der Zeitplan"):
            pass
    assert not is_held(path)


def test_a_sign_of_life_grows_old(city: Settings) -> None:
    with time_machine.travel(datetime(2026, 6, 9, 9, tzinfo=UTC), tick=False):
        night, _ = _night(city, Clock(datetime(2026, 6, 9, 9, tzinfo=UTC)))
        night.beat()
    assert scheduler_alive(city, datetime(2026, 6, 9, 9, 10, tzinfo=UTC))
    assert not scheduler_alive(city, datetime(2026, 6, 9, 9, 16, tzinfo=UTC))


def test_the_real_scheduler_catches_up_at_start_refuses_a_second_one_and_ends_in_order(
    city: Settings,
) -> None:
    command = [sys.executable, "-m", "dashboard", "schedule", "--city", str(city.city)]
    first = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    ledger = Ledger(city.ledger_url)
    try:
        deadline = time.monotonic() + 40
        while not any(r.state == "published" for r in ledger.runs()) and time.monotonic() < deadline:
            time.sleep(0.1)
        runs = ledger.runs()
        today = last_due_date(datetime.now(UTC), city.night.at, city.zone)
        assert [(r.state, r.trigger, r.business_date) for r in runs] == [("published", "night", today)]
        second = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
        assert second.returncode == 3 and str(first.pid) in second.stderr
        assert scheduler_alive(city, datetime.now(UTC))
    finally:
        first.send_signal(signal.SIGTERM)
        output = first.communicate(timeout=20)[0]
    assert first.returncode == 0, output
    assert not is_held(city.run_dir / "schedule.lock")
