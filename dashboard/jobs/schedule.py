"""The night as its own process: one run per business date, whatever clock or machine do.

APScheduler wakes us; whether a run is owed is decided by `clock.owed_date` from the runs in the ledger.
So a job that fires twice finds nothing to do, and one that was missed is found by the next look.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.interval import IntervalTrigger

from dashboard.jobs.accounting import WHOLE
from dashboard.jobs.alarm import ClockWatch, judge_night, tell_schedule
from dashboard.jobs.clock import Attempt, next_due, owed_date
from dashboard.jobs.heartbeat import heartbeat_path, write_heartbeat
from dashboard.jobs.letters import NIGHT
from dashboard.jobs.locks import is_held, only_one
from dashboard.jobs.notify import tell

if TYPE_CHECKING:
    from datetime import date, time
    from zoneinfo import ZoneInfo

    from dashboard.settings import Settings
    from warehouse.ledger import Ledger

LOOK_EVERY_S = 60
WATCH_EVERY_S = 900
log = logging.getLogger("isek.schedule")


class NightTrigger(BaseTrigger):  # type: ignore[misc]
    """Fires at each due moment; computed from business dates, so clock changes cannot double or skip one."""

    def __init__(self, at: time, zone: ZoneInfo) -> None:
        self._at, self._zone = at, zone

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        """Return the first due moment after the previous one and not before `now`'s date."""
        after = previous if previous is not None and previous > now else now
        return next_due(after, self._at, self._zone)


class Night:
    """Looks whether a run is owed and starts it as a process of its own."""

    def __init__(
        self,
        settings: Settings,
        ledger: Ledger,
        start: Callable[[date], int],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: ClockWatch | None = None,
    ) -> None:
        self._settings, self._ledger, self._start, self._now = settings, ledger, start, now
        self._clock = clock or ClockWatch()
        self._busy = threading.Lock()

    def look(self) -> date | None:
        """Run what is owed; return its business date, or None when nothing was. Never two at once."""
        if not self._busy.acquire(blocking=False):
            return None
        try:
            day = self.owed()
            if day is not None:
                self._start(day)
            return day
        finally:
            self._busy.release()

    def owed(self) -> date | None:
        """Return the business date that needs a run now; None while any run is going on."""
        if is_held(self._settings.warehouse_dir / "lock"):
            return None
        # A run that says „running“ without holding the lock was killed.
        self._ledger.interrupt_runs("Der Prozess des Laufs endete ohne Abschluss.")
        return owed_date(self._now(), self._attempts(), self._settings.night.at, self._settings.zone)

    def watch(self) -> None:
        """Tell the operators when the night is late, and when it is made up for."""
        if (state := judge_night(self._settings, self._attempts(), self._now())) is not None:
            tell(self._settings, self._ledger, {NIGHT: state}, self._now())

    def _attempts(self) -> list[Attempt]:
        # Releases and entries may begin any number of runs a day; the night is found behind them.
        latest = [run for run in self._ledger.runs(limit=1) if run.trigger not in WHOLE]
        return [as_attempt(run) for run in (*latest, *self._ledger.runs(limit=50, triggers=WHOLE))]

    def beat(self) -> None:
        """Leave a sign of life for `isek status` and the page of runs; note a clock that was set."""
        now = self._now()
        if (step := self._clock.step(now)) is not None:
            minutes = round(step / timedelta(minutes=1))
            log.warning("the clock was set by %s minutes; each business date still runs once", minutes)
            self._ledger.record("system", "clock.stepped", {"minutes": minutes, "now": now})
        write_heartbeat(
            heartbeat_path(self._settings),
            {
                "pid": os.getpid(),
                "at": now.isoformat(),
                "next": next_due(now, self._settings.night.at, self._settings.zone).isoformat(),
            },
        )


def as_attempt(run: Any) -> Attempt:
    """Reduce a ledger run to what the schedule has to know."""
    return Attempt(run.business_date, run.state, run.started_at, run.finished_at, run.trigger in WHOLE)


def refresh_command(settings: Settings, day: date) -> Sequence[str]:
    """Command line of one night run."""
    city = str(settings.city)
    return (
        sys.executable,
        "-m",
        "dashboard",
        "refresh",
        "--city",
        city,
        "--date",
        str(day),
        "--trigger",
        "night",
    )


class ChildRun:
    """Runs the refresh as a child process and passes the end of the scheduler on to it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, day: date) -> int:
        """Run one refresh to its end and return its exit code."""
        with subprocess.Popen(refresh_command(self._settings, day)) as process:
            self._process = process
            code = process.wait()
        self._process = None
        return code

    def stop(self) -> None:
        """Ask a running refresh to end; it records itself as interrupted."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()


def make_scheduler(night: Night, settings: Settings) -> BackgroundScheduler:
    """Return the scheduler, not started: the night itself, and a look every minute for what was missed.

    `misfire_grace_time=None` because APScheduler drops jobs that are a second late.
    """
    scheduler = BackgroundScheduler(
        timezone=UTC,
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )
    scheduler.add_job(night.look, NightTrigger(settings.night.at, settings.zone), id="night")
    scheduler.add_job(night.look, IntervalTrigger(seconds=LOOK_EVERY_S, timezone=UTC), id="look")
    scheduler.add_job(night.watch, IntervalTrigger(seconds=WATCH_EVERY_S, timezone=UTC), id="watch")
    scheduler.add_job(night.beat, IntervalTrigger(seconds=LOOK_EVERY_S, timezone=UTC), id="beat")
    return scheduler


def follow_clock(scheduler: BackgroundScheduler, clock: ClockWatch) -> None:
    """Let all jobs look at once when the clock was set: set back, they would sleep until it has caught up."""
    now = datetime.now(UTC)
    if clock.step(now) is not None:
        for job in scheduler.get_jobs():
            job.modify(next_run_time=now)


def run_schedule(settings: Settings, ledger: Ledger, *, once: bool = False) -> int:
    """Be the scheduler until SIGTERM or SIGINT; with `once` only catch up what is owed."""
    with only_one(settings.run_dir / "schedule.lock", "Der Nachtlauf-Zeitplan"):
        child = ChildRun(settings)
        night = Night(settings, ledger, child.start)
        if once:
            night.look()
            return 0
        return _stay(night, settings, ledger, child)


def _stay(night: Night, settings: Settings, ledger: Ledger, child: ChildRun) -> int:
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    scheduler = make_scheduler(night, settings)
    night.beat()
    tell_schedule(settings, ledger, datetime.now(UTC))
    scheduler.start()
    scheduler.add_job(night.look, id="catch_up")
    due = next_due(datetime.now(UTC), settings.night.at, settings.zone).astimezone(settings.zone)
    print(f"Zeitplan läuft; nächster Nachtlauf {due:%d.%m.%Y %H:%M %Z}", flush=True)
    clock = ClockWatch()
    clock.step(datetime.now(UTC))
    while not ended.wait(LOOK_EVERY_S):
        follow_clock(scheduler, clock)
    child.stop()
    scheduler.shutdown(wait=True)
    return 0
