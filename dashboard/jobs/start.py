"""Starts a run from the web server, as a process of its own: no request waits, no worker computes."""

from __future__ import annotations

import atexit
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from dashboard.jobs.locks import is_held, passed_on
from warehouse.errors import RetriableError

if TYPE_CHECKING:
    from dashboard.settings import Settings

_children: list[subprocess.Popen[bytes]] = []


def run_is_active(settings: Settings) -> bool:
    """True while a living process holds the warehouse."""
    return is_held(settings.warehouse_dir / "lock")


def refresh_command(settings: Settings) -> Sequence[str]:
    """Command line of a run for today that somebody asked for."""
    city = str(settings.city)
    return (sys.executable, "-m", "dashboard", "refresh", "--city", city, "--trigger", "hand")


def start_refresh(settings: Settings, environ: Mapping[str, str]) -> int:
    """Start a run and return its process id; what it prints lies in `var/run/lauf.log`.

    Raises RetriableError(code="already_running"), also for the second of two clicks: a run needs seconds
    until it holds the warehouse, and many impatient clicks must not become as many processes.
    """
    if run_is_active(settings):
        raise RetriableError("Ein Lauf ist schon unterwegs", code="already_running")
    settings.run_dir.mkdir(parents=True, exist_ok=True)
    with passed_on(settings.run_dir / "start.lock", "Ein Lauf") as lock:
        child = _start(settings, environ, lock)
    if not _children:
        atexit.register(_end_children)
    _children.append(child)
    threading.Thread(target=child.wait, daemon=True, name="reap-run").start()
    return child.pid


def _start(settings: Settings, environ: Mapping[str, str], lock: int) -> subprocess.Popen[bytes]:
    with (settings.run_dir / "lauf.log").open("wb") as log:
        return subprocess.Popen(
            list(refresh_command(settings)),
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            # A signal to the group of the web server must not tear the run away in mid-step.
            start_new_session=True,
            pass_fds=(lock,),
        )


def _end_children() -> None:
    """Whoever ends the portal ends its runs; they record themselves as interrupted and publish nothing."""
    for child in _children:
        if child.poll() is None:
            child.terminate()
