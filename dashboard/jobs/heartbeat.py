"""The scheduler's sign of life: a small file that the web server and `isek status` may read."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dashboard.settings import Settings

HEARTBEAT_OVER = timedelta(minutes=15)


def heartbeat_path(settings: Settings) -> Path:
    """File with the scheduler's last sign of life."""
    return settings.run_dir / "schedule.json"


def write_heartbeat(path: Path, content: dict[str, object]) -> None:
    """Replace the file in one step, so that readers never see half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps(content), encoding="utf-8")
    temporary.replace(path)


def scheduler_alive(settings: Settings, now: datetime) -> bool:
    """True when the last sign of life is younger than a quarter of an hour."""
    try:
        data = json.loads(heartbeat_path(settings).read_text(encoding="utf-8"))
        return now - datetime.fromisoformat(data["at"]) < HEARTBEAT_OVER
    except (OSError, ValueError, KeyError):
        return False
