"""`isek serve` on one machine: web server and scheduler as separate processes under one roof."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from warehouse.errors import ConfigError

if TYPE_CHECKING:
    from dashboard.settings import Settings

MAX_RESTARTS = 5
RESTART_WINDOW_S = 300.0
STOP_AFTER_S = 15.0
_PR_SET_PDEATHSIG = 1


@dataclass
class Charge:
    """One process the supervisor looks after."""

    name: str
    command: Sequence[str]
    needed: bool = True
    process: subprocess.Popen[bytes] | None = None
    starts: deque[float] = field(default_factory=deque)
    rest_until: float = 0.0


class Supervisor:
    """Starts its charges, restarts what dies (bounded), ends all of them together."""

    def __init__(
        self, charges: Sequence[Charge], environ: Mapping[str, str], say: Callable[[str], None]
    ) -> None:
        self._charges, self._environ, self._say = list(charges), dict(environ), say
        self._ended = threading.Event()

    def stop(self) -> None:
        """Begin to end; safe to call from a signal handler."""
        self._ended.set()

    def run(
        self, ready: Callable[[], None] = lambda: None, each_minute: Callable[[], None] = lambda: None
    ) -> int:
        """Watch until stopped; return 0, or 3 when a needed process kept dying.

        `each_minute` is called about once a minute and must not take long.
        """
        code, next_minute = 0, time.monotonic()
        try:
            for charge in self._charges:
                self._start(charge)
            ready()
            while not self._ended.wait(0.5):
                if not all(self._look_after(charge) for charge in self._charges):
                    code = 3
                    break
                if time.monotonic() >= next_minute:
                    next_minute = time.monotonic() + 60
                    each_minute()
        finally:
            self._end_all()
        return code

    def _start(self, charge: Charge) -> None:
        charge.starts.append(time.monotonic())
        # An own session keeps Ctrl+C with the supervisor, which then ends everything in order.
        charge.process = subprocess.Popen(
            list(charge.command),
            env=self._environ,
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - the supervisor has one thread
        )

    def _look_after(self, charge: Charge) -> bool:
        """Restart a dead charge; False when it died too often and is needed."""
        if charge.process is None:
            if time.monotonic() >= charge.rest_until:
                self._start(charge)
            return True
        if charge.process.poll() is None:
            return True
        code = charge.process.returncode
        recent = [t for t in charge.starts if time.monotonic() - t < RESTART_WINDOW_S]
        if len(recent) > MAX_RESTARTS:
            return self._give_way(charge, code)
        self._say(f"{charge.name} endete mit {code}; neuer Start.")
        if not self._ended.wait(min(2.0 ** (len(recent) - 1) / 2, 10)):
            self._start(charge)
        return True

    def _give_way(self, charge: Charge, code: int) -> bool:
        """Leave a needed charge for good; one that others can do without rests before it is tried again."""
        charge.process = None
        told = f"{charge.name} endet immer wieder (zuletzt mit {code});"
        if charge.needed:
            self._say(f"{told} aufgegeben.")
            return False
        self._say(f"{told} der nächste Versuch folgt in {RESTART_WINDOW_S:g} s.")
        charge.rest_until = time.monotonic() + RESTART_WINDOW_S
        return True

    def _end_all(self) -> None:
        running = [c.process for c in self._charges if c.process is not None and c.process.poll() is None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + STOP_AFTER_S
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _die_with_parent() -> None:
    """Ask Linux to end the child when the supervisor is killed outright; elsewhere nothing happens."""
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    except (OSError, AttributeError):
        return


def require_free_port(host: str, port: int) -> None:
    """ConfigError when somebody listens on the port already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise ConfigError(
                f"Auf {host}:{port} kann der Webserver nicht hören",
                code="port_busy",
                found=os.strerror(error.errno or 0),
                next_step="einen anderen Port nennen: --port 8051 (oder den anderen Dienst beenden)",
            ) from None


def web_command(settings: Settings) -> Sequence[str]:
    """Command line of gunicorn. No preload: a DuckDB connection must never cross a fork."""
    web = settings.web
    host = f"[{web.host}]" if ":" in web.host else web.host
    return (
        sys.executable,
        *("-m", "gunicorn", "dashboard.wsgi:make_server()"),
        *("--bind", f"{host}:{web.port}"),
        *("--worker-class", "gthread", "--workers", str(web.workers), "--threads", str(web.threads)),
        *("--keep-alive", "75", "--timeout", "60", "--graceful-timeout", "10"),
        *("--worker-tmp-dir", str(settings.run_dir), "--pid", str(settings.run_dir / "web.pid")),
        *("--no-control-socket", "--log-level", "warning"),
        # No client may set SCRIPT_NAME or the scheme; what a proxy says about addresses is read by the guard.
        *("--forwarded-allow-ips", ""),
    )


def schedule_command(settings: Settings) -> Sequence[str]:
    """Command line of the scheduler process."""
    return (sys.executable, "-m", "dashboard", "schedule", "--city", str(settings.city))


def exports_command(settings: Settings) -> Sequence[str]:
    """Command line of the process that writes ordered exports."""
    return (sys.executable, "-m", "dashboard", "exports", "--city", str(settings.city))


class Errand:
    """Starts a command now and then, one at a time; nobody waits for it."""

    def __init__(self, command: Sequence[str], environ: Mapping[str, str]) -> None:
        self._command, self._environ = list(command), dict(environ)
        self._process: subprocess.Popen[bytes] | None = None

    def __call__(self) -> None:
        """Start it, unless the last one is still under way."""
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(self._command, env=self._environ)


def alarm_command(settings: Settings) -> Sequence[str]:
    """Command line that tells the operators whether the scheduler is silent."""
    return (*schedule_command(settings), "--alarm")


def answers(host: str, port: int, *, within_s: float) -> bool:
    """True once the web server answers its health route."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        try:
            with socket.create_connection((host, port), timeout=1) as connection:
                connection.sendall(b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n")
                if b" 200 " in connection.recv(64):
                    return True
        except OSError:
            pass
        time.sleep(0.2)
    return False
