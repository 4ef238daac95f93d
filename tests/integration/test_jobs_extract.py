"""Whatever a source does to its process, the run survives and the source alone is marked."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from connectors import land as landing
from connectors.base import Context, NoConnection, SourceSpec
from connectors.land import Failure, Landed
from dashboard.jobs.extract import LONGEST_ANSWER, Order, _process_context, extract


def _behave(pipe: Connection, order: Order) -> None:
    """A reading process that does what the name of its source says."""
    name = order.spec.id
    BEHAVIOUR.get(name, lambda *_: None)(pipe, order)
    pipe.send(Landed(name))


def _raise(*_: object) -> None:
    raise RuntimeError("boom")


def _ignore_every_signal_and_hang(*_: object) -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    time.sleep(60)


def _chatter(pipe: Connection, _: Order) -> None:
    pipe.send("nonsense")


def _stop_in_the_middle_of_the_answer(pipe: Connection, _: Order) -> None:
    # The head of a message promises a mebibyte; nothing of it comes.
    os.write(pipe.fileno(), (2**20).to_bytes(4, "big"))
    time.sleep(60)


def _answer_hugely(pipe: Connection, order: Order) -> None:
    pipe.send(Landed(order.spec.id, failure=Failure("x", "y" * (LONGEST_ANSWER + 1), "")))


def _print_for_ever(*_: object) -> None:
    for _ in range(2000):
        os.write(1, b"personal data " * 1000)
        os.write(2, b"personal data " * 1000)


def _leak_threads(*_: object) -> None:
    for _ in range(50):
        threading.Thread(target=time.sleep, args=(60,), daemon=False).start()


def _leak_processes(_: Connection, order: Order) -> None:
    for _ in range(3):
        child = subprocess.Popen(["sleep", "60"])
        (order.folder / f"leaked-{child.pid}").touch()
    if os.fork() == 0:
        # Holds the pipe of its parent open and never answers.
        (order.folder / f"leaked-{os.getpid()}").touch()
        time.sleep(60)


def _fork_and_die(pipe: Connection, order: Order) -> None:
    _leak_processes(pipe, order)
    os._exit(9)


def _eat_memory(*_: object) -> None:
    eaten = []
    while True:
        eaten.append(bytearray(b"x" * 2**24))


def _eat_memory_in_a_child(*_: object) -> None:
    eat = "x = []\nwhile True: x.append(bytearray(b'x' * 2**24))"
    subprocess.run([sys.executable, "-c", eat], check=False)


BEHAVIOUR: dict[str, Callable[[Connection, Order], object]] = {
    "exits": lambda *_: sys.exit(7),
    "exits_well": lambda *_: sys.exit(0),
    "exits_with_words": lambda *_: sys.exit("no more"),
    "dies": lambda *_: os._exit(9),
    "crashes": lambda *_: os.kill(os.getpid(), signal.SIGSEGV),
    "hangs": lambda *_: time.sleep(60),
    "hangs_on": _ignore_every_signal_and_hang,
    "raises": _raise,
    "is_interrupted": lambda *_: signal.raise_signal(signal.SIGABRT),
    "chatters": _chatter,
    "stops_halfway": _stop_in_the_middle_of_the_answer,
    "answers_hugely": _answer_hugely,
    "prints": _print_for_ever,
    "leaks_threads": _leak_threads,
    "leaks_processes": _leak_processes,
    "forks_and_dies": _fork_and_die,
    "eats": _eat_memory,
    "eats_elsewhere": _eat_memory_in_a_child,
}


def _order(name: str, folder: Path, **limits: Any) -> Order:
    spec = SourceSpec(
        id=name,
        title=name,
        owner="x",
        kind="files",
        nature="echt",
        connection=NoConnection(),
        tables=(),
        **limits,
    )
    return Order(spec, Context(folder, datetime(2026, 6, 9, tzinfo=UTC)), {}, {}, folder, "run")


def test_a_city_in_a_deep_folder_is_read_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = tmp_path / ("amt-fuer-organisation-und-digitalisierung/" * 3)
    deep.mkdir(parents=True)
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    assert _process_context().get_start_method() == "spawn"
    answers = extract([_order("good", tmp_path)], parallel=1, limit_s=20, target=_behave)
    assert answers["good"].landed.failure is None


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("exits", "crashed"),
        ("exits_well", "crashed"),
        ("exits_with_words", "crashed"),
        ("dies", "crashed"),
        ("crashes", "crashed"),
        ("raises", "crashed"),
        ("is_interrupted", "crashed"),
        ("chatters", "crashed"),
        ("answers_hugely", "crashed"),
        ("forks_and_dies", "crashed"),
        ("hangs", "source_timeout"),
        ("hangs_on", "source_timeout"),
        ("stops_halfway", "source_timeout"),
        ("eats", "source_memory"),
        ("eats_elsewhere", "source_memory"),
    ],
)
def test_b16_a_misbehaving_source_costs_only_itself(tmp_path: Path, name: str, code: str) -> None:
    orders = [_order(n, tmp_path) for n in ("good", name, "fine")]
    limit_s = 1.5 if code == "source_timeout" else 30
    answers = extract(orders, parallel=2, limit_s=limit_s, memory_mb=400, target=_behave)
    assert answers[name].landed.failure is not None
    assert answers[name].landed.failure.code == code
    assert answers["good"].landed.failure is None and answers["fine"].landed.failure is None
    assert _alive(tmp_path) == []


@pytest.mark.parametrize("name", ["leaks_threads", "leaks_processes"])
def test_b16_what_a_source_leaves_running_ends_and_its_answer_counts(tmp_path: Path, name: str) -> None:
    # What it leaves running sleeps for a minute.
    began = time.monotonic()
    answers = extract([_order(name, tmp_path)], parallel=1, limit_s=30, target=_behave)
    assert answers[name].landed.failure is None
    assert time.monotonic() - began < 55, "nobody waits for leaked threads and processes"
    assert _alive(tmp_path) == []


def test_b16_what_a_source_prints_reaches_nobody(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    answers = extract([_order("prints", tmp_path)], parallel=1, limit_s=30, target=_behave)
    assert answers["prints"].landed.failure is None
    assert "personal data" not in "".join(capfd.readouterr())


def test_b16_a_source_may_have_limits_of_its_own(tmp_path: Path) -> None:
    quick, small = _order("hangs", tmp_path, minutes=0.02), _order("eats", tmp_path, memory_mb=300)
    answers = extract([quick, small], parallel=2, limit_s=60, memory_mb=20_000, target=_behave)
    told = {
        name: str(answer.landed.failure.reason) for name, answer in answers.items() if answer.landed.failure
    }
    assert "0,02 Minuten" in told["hangs"] and "300 MB" in told["eats"]


def test_b16_a_connector_that_needs_too_much_at_once_is_told_so_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def connect(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(landing, "connect", connect)
    order = _order("eats", tmp_path)
    landed = landing.land_source(order.spec, order.context, {}, {}, tmp_path, "run")
    assert landed.failure and landed.failure.code == "source_memory"


def test_b16_reading_processes_are_the_first_the_kernel_ends_and_leave_no_core(tmp_path: Path) -> None:
    extract([_order("looks", tmp_path)], parallel=1, limit_s=30, target=_look_around)
    told = json.loads((tmp_path / "looks").read_text(encoding="utf-8"))
    assert told == {"oom": "1000", "core": 0, "leads": True}


def _look_around(pipe: Connection, order: Order) -> None:
    told = {
        "oom": Path("/proc/self/oom_score_adj").read_text(encoding="ascii").strip(),
        "core": resource.getrlimit(resource.RLIMIT_CORE)[1],
        "leads": os.getsid(0) == os.getpid(),
    }
    (order.folder / "looks").write_text(json.dumps(told), encoding="utf-8")
    pipe.send(Landed(order.spec.id))


def _alive(folder: Path) -> list[int]:
    """Leaked processes that still run; a killed one may need a moment to go."""
    pids = [int(path.name.partition("-")[2]) for path in folder.glob("leaked-*")]
    for _ in range(50):
        if not (alive := [pid for pid in pids if _runs(pid)]):
            return []
        time.sleep(0.05)
    return alive


def _runs(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return False


def test_no_more_processes_run_at_once_than_allowed(tmp_path: Path) -> None:
    began = time.monotonic()
    answers = extract(
        [_order("hangs", tmp_path), _order("good", tmp_path)], parallel=1, limit_s=1.0, target=_behave
    )
    assert time.monotonic() - began >= 1.0
    assert answers["good"].landed.failure is None


def test_a_hanging_source_does_not_delay_the_others_beyond_its_own_time(tmp_path: Path) -> None:
    finished: list[str] = []
    orders = [_order(n, tmp_path) for n in ("hangs", "good", "fine")]
    extract(orders, parallel=2, limit_s=2.0, target=_behave, done=lambda a: finished.append(a.landed.source))
    assert finished == ["good", "fine", "hangs"]
