"""The supervisor keeps its processes alive within bounds and takes all of them along when it ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from dashboard.jobs import supervisor
from dashboard.jobs.supervisor import Charge, Supervisor, require_free_port
from warehouse.errors import ConfigError


def _note(folder: Path, then: str) -> list[str]:
    """A process that leaves its id in the folder and then does `then`."""
    code = f"import os, pathlib, sys, time; pathlib.Path({str(folder)!r}, str(os.getpid())).touch(); {then}"
    return [sys.executable, "-c", code]


def _started(folder: Path) -> list[int]:
    return [int(p.name) for p in folder.iterdir()]


def _wait_for(condition: object, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:  # type: ignore[operator]
        time.sleep(0.05)
    assert condition()  # type: ignore[operator]


def test_a_process_that_dies_is_started_again(tmp_path: Path) -> None:
    crew = Supervisor([Charge("x", _note(tmp_path, "time.sleep(60)"))], dict(os.environ), lambda _: None)
    thread = threading.Thread(target=crew.run)
    thread.start()
    _wait_for(lambda: len(_started(tmp_path)) == 1)
    os.kill(_started(tmp_path)[0], signal.SIGKILL)
    _wait_for(lambda: len(_started(tmp_path)) == 2)
    crew.stop()
    thread.join(10)
    assert not any(Path(f"/proc/{pid}").exists() for pid in _started(tmp_path))


def test_a_needed_process_that_keeps_dying_ends_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "MAX_RESTARTS", 1)
    said: list[str] = []
    crew = Supervisor(
        [Charge("Webserver", _note(tmp_path, "sys.exit(5)")), Charge("y", _note(tmp_path, "time.sleep(60)"))],
        dict(os.environ),
        said.append,
    )
    assert crew.run() == 3
    assert any("aufgegeben" in text for text in said)
    assert not any(Path(f"/proc/{pid}").exists() for pid in _started(tmp_path))


def test_a_process_that_is_not_needed_is_tried_again_after_a_pause_and_costs_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A database that is away for some minutes must not end the nights until somebody comes by.
    monkeypatch.setattr(supervisor, "MAX_RESTARTS", 0)
    monkeypatch.setattr(supervisor, "RESTART_WINDOW_S", 1.0)
    said: list[str] = []
    crew = Supervisor(
        [Charge("Nachtlauf", _note(tmp_path, "sys.exit(5)"), needed=False)], dict(os.environ), said.append
    )
    thread = threading.Thread(target=crew.run)
    thread.start()
    _wait_for(lambda: len(_started(tmp_path)) >= 3)
    assert thread.is_alive()
    assert said[0] == "Nachtlauf endet immer wieder (zuletzt mit 5); der nächste Versuch folgt in 1 s."
    assert len(said) <= len(_started(tmp_path)), "said once a pause"
    crew.stop()
    thread.join(10)


def test_children_end_when_the_supervisor_is_killed_outright(tmp_path: Path) -> None:
    code = (
        "import os, sys; from dashboard.jobs.supervisor import Charge, Supervisor\n"
        f"child = {_note(tmp_path, 'time.sleep(60)')!r}\n"
        "Supervisor([Charge('x', child)], dict(os.environ), print).run()"
    )
    process = subprocess.Popen([sys.executable, "-c", code])
    _wait_for(lambda: len(_started(tmp_path)) == 1)
    process.kill()
    process.wait()
    _wait_for(lambda: not Path(f"/proc/{_started(tmp_path)[0]}").exists())


def test_a_busy_port_is_named_with_a_way_out() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(ConfigError) as caught:
            require_free_port("127.0.0.1", port)
    assert caught.value.code == "port_busy" and "--port" in str(caught.value.next_step)
    require_free_port("127.0.0.1", port)
