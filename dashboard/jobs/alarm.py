"""What nobody else would notice: a night that did not come, a silent scheduler, a clock that jumped."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from dashboard.formats import stand
from dashboard.jobs.clock import MAX_TRIES, Attempt, due_moment, last_due_date, later_runs, tries_of
from dashboard.jobs.heartbeat import last_heartbeat, scheduler_alive
from dashboard.jobs.letters import MISSED, SCHEDULE, SILENT
from dashboard.jobs.notify import tell
from warehouse.ledger.notices import GOOD

if TYPE_CHECKING:
    from dashboard.settings import Settings
    from warehouse.ledger import Ledger

LATE = timedelta(hours=3)
"""So long after its time a night may be without result before people are told."""
STEP = timedelta(minutes=5)
"""Corrections of a clock below this are nobody's business."""

State = tuple[str, str | None]


def judge_night(settings: Settings, attempts: Sequence[Attempt], now: datetime) -> State | None:
    """State and reason of the newest due night; None while it is too early to say.

    A run that failed has told its own reason; this is for runs that hang, were killed or never began.
    """
    zone = settings.zone
    day = last_due_date(now, settings.night.at, zone)
    due = due_moment(day, settings.night.at, zone)
    tries = tries_of(day, attempts, settings.night.at, zone)
    if any(a.state == "published" for a in (*tries, *later_runs(day, now, attempts, zone))):
        return GOOD, None
    late = now - due >= LATE or len(tries) >= MAX_TRIES
    if not late or (tries and tries[0].state == "failed"):
        return None
    return MISSED, f"Geschäftstag {day:%d.%m.%Y}: {_why(attempts, tries, settings)}"


def _why(attempts: Sequence[Attempt], tries: Sequence[Attempt], settings: Settings) -> str:
    going = next((a for a in attempts if a.state == "running"), None)
    if going is not None:
        begun = stand(going.started_at, settings.zone)
        return f"Der Lauf für den {going.business_date:%d.%m.%Y} ist seit {begun} unterwegs."
    if not tries:
        return "Es hat kein Lauf begonnen."
    return f"{len(tries)} Mal begonnen und jedes Mal abgebrochen; Einzelheiten im Protokoll des Dienstes."


class ClockWatch:
    """Compares the clock on the wall with one that nobody can set; both go on while the machine sleeps."""

    def __init__(self, steady: Callable[[], float] | None = None) -> None:
        self._steady = steady or _since_boot
        self._last: tuple[datetime, float] | None = None

    def step(self, now: datetime) -> timedelta | None:
        """How far the clock was set since the last call, None when it was not; negative means back."""
        moment, last = self._steady(), self._last
        self._last = (now, moment)
        if last is None:
            return None
        step = (now - last[0]) - timedelta(seconds=moment - last[1])
        return step if abs(step) >= STEP else None


def _since_boot() -> float:
    # The usual steady clock stands still while a machine sleeps, which would look like a step forward.
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


def tell_schedule(settings: Settings, ledger: Ledger, now: datetime) -> str | None:
    """Tell the operators whether the scheduler is silent or back."""
    if scheduler_alive(settings, now):
        return tell(settings, ledger, {SCHEDULE: (GOOD, None)}, now)
    last = last_heartbeat(settings)
    since = (
        f"Letztes Lebenszeichen: {stand(last, settings.zone)}." if last else "Es gab noch kein Lebenszeichen."
    )
    return tell(settings, ledger, {SCHEDULE: (SILENT, since)}, now)
