"""The scheduler's sign of life: a small file that the web server and `isek status` may read."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dashboard.settings import Settings

HEARTBEAT_OVER = timedelta(minutes=15)
ALARM_AGAIN = timedelta(hours=1)


def heartbeat_path(settings: Settings) -> Path:
    """File with the scheduler's last sign of life."""
    return settings.run_dir / "schedule.json"


def write_heartbeat(path: Path, content: dict[str, object]) -> None:
    """Replace the file in one step, so that readers never see half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps(content), encoding="utf-8")
    temporary.replace(path)


def last_heartbeat(settings: Settings) -> datetime | None:
    """The scheduler's last sign of life; None when there never was a readable one."""
    try:
        data = json.loads(heartbeat_path(settings).read_text(encoding="utf-8"))
        return datetime.fromisoformat(data["at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def scheduler_alive(settings: Settings, now: datetime) -> bool:
    """True when the last sign of life is younger than a quarter of an hour.

    One from the future was left by a clock that has been set back since; it says nothing about today.
    """
    last = last_heartbeat(settings)
    return last is not None and abs(now - last) < HEARTBEAT_OVER


class HeartbeatWatch:
    """Sends somebody when the scheduler falls silent, again every hour, and when it is back.

    The process that watches does nothing else: `start` leaves the telling to another process.
    """

    def __init__(
        self,
        settings: Settings,
        start: Callable[[], None],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._settings, self._start, self._now = settings, start, now
        self._begun, self._told_at = now(), datetime.min.replace(tzinfo=UTC)
        self._missed, self._silent = 0, False

    def look(self) -> None:
        """Compare with the last look; the first quarter of an hour the scheduler is given to begin."""
        now = self._now()
        self._missed = 0 if scheduler_alive(self._settings, now) else self._missed + 1
        # A machine that wakes up finds an old heartbeat, too; a minute later it is a fresh one.
        silent = self._missed > 1 and now - self._begun >= HEARTBEAT_OVER
        if silent != self._silent or (silent and now - self._told_at >= ALARM_AGAIN):
            self._silent, self._told_at = silent, now
            self._start()
