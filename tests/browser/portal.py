"""The example city as a running process, and what asks it from the command line."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

DAY = "2026-06-09"
ISEK = (sys.executable, "-m", "dashboard")


@dataclass
class Portal:
    """A served city. `base` is its address without a slash at the end."""

    folder: Path
    port: int
    said: list[str] = field(default_factory=list)

    @property
    def base(self) -> str:
        return f"http://localhost:{self.port}"

    def isek(self, *arguments: str) -> str:
        """Run one command for this city and return what it says."""
        command = [*ISEK, *arguments, "--city", str(self.folder)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def link(self, login: str) -> str:
        """Return a new one-time link; its port is the one this process listens on."""
        token = self.isek("user", "link", login).strip().rsplit("/", 1)[1]
        return f"{self.base}/anmelden/link/{token}"

    def figure(self, metric: str, *where: str) -> dict[str, Any]:
        """Return the single row of `isek query` for one figure."""
        conditions = ["--where", *where] if where else []
        answer = json.loads(self.isek("query", metric, *conditions, "--format", "json"))
        assert len(answer["rows"]) == 1, answer["rows"]
        row: dict[str, Any] = answer["rows"][0]
        return row


@contextmanager
def running(folder: Path, day: str | None = DAY) -> Iterator[Portal]:
    """Write the example city, refresh and serve it; `day` None is today."""
    date = ["--date", day] if day else []
    with _started(Portal(folder, free_port()), "demo", str(folder), *date) as portal:
        yield portal


@contextmanager
def serving(folder: Path) -> Iterator[Portal]:
    """Serve a city that is written already, with one web process and without its night."""
    with _started(
        Portal(folder, free_port()), "serve", "--city", str(folder), "--no-schedule", "--workers", "1"
    ) as portal:
        yield portal


@contextmanager
def _started(portal: Portal, *arguments: str) -> Iterator[Portal]:
    command = [*ISEK, *arguments, "--port", str(portal.port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    # Read all the time: a process whose pipe is full stands still with its next line.
    reader = threading.Thread(target=_listen, args=(process, portal), daemon=True)
    try:
        _read_greeting(process, portal)
        reader.start()
        yield portal
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if reader.ident is not None:
            reader.join(timeout=10)


def _listen(process: subprocess.Popen[str], portal: Portal) -> None:
    assert process.stdout
    portal.said.extend(process.stdout)


def _read_greeting(process: subprocess.Popen[str], portal: Portal) -> None:
    assert process.stdout
    # A process that never says it is ready is ended, so that the reader below comes to its end.
    patience = threading.Timer(120, process.kill)
    patience.start()
    try:
        for line in process.stdout:
            portal.said.append(line)
            if line.startswith("Beenden mit"):
                return
    finally:
        patience.cancel()
    raise AssertionError("the portal did not get ready:\n" + "".join(portal.said))


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
