"""Killed at random moments: readers see the old snapshot or the new one, never a mixture."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from tiny_city import snapshot, write_appointments, write_cases, write_city

from dashboard.jobs.refresh import Request, run_refresh
from dashboard.settings import Settings
from warehouse.errors import RetriableError
from warehouse.ledger import Ledger
from warehouse.pointer import serial_of
from warehouse.publish import Warehouse
from warehouse.store import Snapshot

KILLS, KILLS_AT_NIGHT = 20, 100
KILLS_PER_STAGE_AT_NIGHT = 25
TRIES = 6
STAGES = ("S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8")
ENDLESS = (
    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 100000000000)"
    " SELECT max(x) FROM n"
)


@pytest.fixture
def city(tmp_path: Path) -> Settings:
    return write_city(tmp_path)


def _start(city: Settings, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "dashboard", "refresh", "--city", str(city.city), *more]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def _change(city: Settings, rows: int) -> None:
    """Give both sources the same number of rows, so that any mixture shows."""
    write_appointments(city.city, rows)
    write_cases(city.city, rows)


def _rows(seen: Snapshot) -> tuple[int, ...]:
    """Rows of both sources as tables and as accounting tell them; equal in every published snapshot."""
    return seen.query(
        'SELECT (SELECT count(*) FROM stage.appointment), (SELECT count(*) FROM stage."case"),'
        " (SELECT min(published) FROM meta.source WHERE source <> 'organisation')"
    )[0]


class Watcher(threading.Thread):
    """Reads all the time and keeps what must never be seen."""

    def __init__(self, city: Settings) -> None:
        super().__init__(daemon=True)
        self.city, self.ended, self.reads = city, threading.Event(), 0
        self.mixed: list[tuple[str, int, int]] = []
        self.backwards: list[tuple[str, str]] = []

    def run(self) -> None:
        last = ""
        while not self.ended.wait(0.03):
            try:
                seen = snapshot(self.city)
            except RetriableError:
                continue
            rows = _rows(seen)
            self.reads += 1
            if len(set(rows)) != 1:
                self.mixed.append((seen.name, *rows[:2]))
            if last and serial_of(seen.name) < serial_of(last):
                self.backwards.append((last, seen.name))
            last = seen.name


# Its length follows that of a run: twenty of them on a busy machine.
@pytest.mark.timeout(1200)
def test_a2_kills_at_random_moments_lose_and_mix_nothing(city: Settings) -> None:
    _kill_at_random_moments(city, KILLS, seed=20260609)


@pytest.mark.night
@pytest.mark.parametrize("seed", [1, 2])
def test_a2_many_kills_at_random_moments_lose_and_mix_nothing(city: Settings, seed: int) -> None:
    _kill_at_random_moments(city, KILLS_AT_NIGHT, seed)


def _kill_at_random_moments(city: Settings, kills: int, seed: int) -> None:
    length = _first_run(city)
    moments, published = random.Random(seed), 0
    with _watched(city) as watchers:
        for number in range(kills):
            _change(city, 51 + number)
            process = _start(city)
            try:
                process.communicate(timeout=moments.uniform(0.1, 1.2) * length)
                published += 1
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.communicate(timeout=60)
        _finish(city, 100 + kills)
    print(f"{kills - published} of {kills} runs killed, {sum(w.reads for w in watchers)} reads")
    assert published < kills, "no run was killed: the moments have to be earlier"


def _first_run(city: Settings) -> float:
    """Publish once; returns how many seconds a run takes here and now."""
    _change(city, 50)
    began = time.monotonic()
    assert _start(city).wait(180) == 0
    return time.monotonic() - began


KILLED_AT = """
import os, random, signal, sys, threading, time
from contextlib import contextmanager
from pathlib import Path

stage, wait, landing, city = sys.argv[1], float(sys.argv[2]), Path(sys.argv[3]), sys.argv[4]
# <landing>/<source>/<run>/: a table that is being written hides behind a dot, a landed one has its number.
WITHIN = {"S3": ".*", "S4": "[0-9]*"}

running = []

def die(after):
    time.sleep(after)
    if running:  # a moment behind the end of the stage is no kill in that stage
        os.kill(os.getpid(), signal.SIGKILL)

def die_when_there(pattern):
    seen = set(landing.glob("*/*/" + pattern))
    while set(landing.glob("*/*/" + pattern)) <= seen:
        time.sleep(0.0005)
    die(wait)

from dashboard.jobs.accounting import RunRecord
real = RunRecord.step

@contextmanager
def step(record, name, title):
    if name == ("S2" if stage in WITHIN else stage):
        running.append(name)
        aim, argument = (die_when_there, WITHIN[stage]) if stage in WITHIN else (die, wait)
        threading.Thread(target=aim, args=(argument,), daemon=True).start()
    with real(record, name, title):
        yield
    running.clear()

RunRecord.step = step
from dashboard.__main__ import main
raise SystemExit(main(["refresh", "--city", city]))
"""


def test_a1_a_kill_at_each_stage_leaves_the_old_or_the_new_and_the_next_run_needs_no_hand(
    city: Settings,
) -> None:
    _kill_at(city, STAGES, seed=7, finish_each=False)


@pytest.mark.night
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("stage", STAGES)
def test_a1_many_kills_at_a_stage_leave_the_old_or_the_new(city: Settings, stage: str) -> None:
    _kill_at(city, [stage] * KILLS_PER_STAGE_AT_NIGHT, seed=20260609, finish_each=True)


def _kill_at(city: Settings, stages: Sequence[str], seed: int, *, finish_each: bool) -> None:
    """Kill one run in each of `stages`; a kill that came too late is tried again at another moment."""
    _first_run(city)
    lengths = _lengths(city)
    chance = random.Random(seed)
    with _watched(city):
        for number, stage in enumerate(stages):
            for attempt in range(TRIES):
                _change(city, 51 + number + 100 * attempt)
                killed = _killed_in(city, stage, chance.random() * lengths[stage])
                _require_sound(city)
                if killed:
                    break
                lengths = _lengths(city)  # the run that was through says how long a stage takes by now
            else:
                pytest.fail(f"no kill of {TRIES} reached {stage}")
            if finish_each or number == len(stages) - 1:
                _finish(city, 80 + number)


def _lengths(city: Settings) -> dict[str, float]:
    """Seconds each stage took in the newest run; landing (S3, S4) is part of reading (S2)."""
    took = {step["stage"]: step["seconds"] for step in Ledger(city.ledger_url).runs()[0].steps}
    return {"S3": 0.02, "S4": 0.02} | took


def _killed_in(city: Settings, stage: str, wait: float) -> bool:
    """Start a run that kills itself `wait` seconds into a stage; False when it was through before."""
    arguments = (stage, str(wait), str(city.landing_dir), str(city.city))
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED_AT, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    output = process.communicate(timeout=180)[0]
    assert process.returncode in (0, -signal.SIGKILL), output
    return process.returncode == -signal.SIGKILL


def _require_sound(city: Settings) -> None:
    """Whatever a kill left: the published snapshot is whole and of one piece."""
    warehouse = Warehouse(city.warehouse_dir)
    current = warehouse.current()
    assert current is not None and warehouse.verify() == []
    rows = _rows(snapshot(city))
    assert len(set(rows)) == 1, rows


def _finish(city: Settings, rows: int) -> None:
    """The next run, without anybody's help: nothing lost, nothing doubled, nothing left over."""
    _change(city, rows)
    record = run_refresh(city, Ledger(city.ledger_url), Request())
    assert record.state == "published" and not any(line.reason for line in record.sources), record
    found = snapshot(city).query('SELECT count(*), count(DISTINCT case_id) FROM stage."case"')
    assert found == [(rows, rows)]
    read = snapshot(city).query("SELECT sum(read - published - rejected - duplicates) FROM meta.source")
    assert read == [(0,)], "every row is accounted for"
    assert list((city.warehouse_dir / "draft").glob("*.duckdb")) == []
    assert Warehouse(city.warehouse_dir).verify() == []
    assert "running" not in {run.state for run in Ledger(city.ledger_url).runs(limit=400)}


@contextmanager
def _watched(city: Settings) -> Iterator[list[Watcher]]:
    """Two readers look all the time; neither may ever see a mixture or an older snapshot again."""
    watchers = [Watcher(city), Watcher(city)]
    for watcher in watchers:
        watcher.start()
    try:
        yield watchers
        time.sleep(0.1)
    finally:
        for watcher in watchers:
            watcher.ended.set()
            watcher.join()
    for watcher in watchers:
        assert watcher.mixed == [] and watcher.backwards == []
        assert watcher.reads > 20


def test_a5_sigterm_while_reading_ends_in_order_and_the_next_run_works(city: Settings) -> None:
    text = (city.city / "sources" / "wohngeld.toml").read_text(encoding="utf-8")
    slow = text.split("query =")[0] + f'query = """{ENDLESS}"""\n'
    (city.city / "sources" / "wohngeld.toml").write_text(slow, encoding="utf-8")
    process = _start(city)
    ledger = Ledger(city.ledger_url)
    deadline = time.monotonic() + 120
    while not any(r.state == "running" for r in ledger.runs()) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(1)
    process.terminate()
    process.communicate(timeout=60)
    assert process.returncode == 3
    assert ledger.runs()[0].state == "interrupted"
    assert Warehouse(city.warehouse_dir).current() is None
    (city.city / "sources" / "wohngeld.toml").write_text(text, encoding="utf-8")
    assert _start(city).wait(180) == 0


def test_of_several_refreshes_at_once_one_works_and_the_others_say_who_does(city: Settings) -> None:
    processes = [_start(city) for _ in range(4)]
    outputs = [p.communicate(timeout=180)[0] for p in processes]
    codes = [p.returncode for p in processes]
    pids = {str(p.pid) for p in processes}
    assert 0 in codes
    for code, output in zip(codes, outputs, strict=True):
        assert code == 0 or (code == 3 and any(pid in output for pid in pids)), output
    assert [run.state for run in Ledger(city.ledger_url).runs()].count("published") == codes.count(0)


def test_children_end_when_the_refresh_is_killed(city: Settings) -> None:
    text = (city.city / "sources" / "wohngeld.toml").read_text(encoding="utf-8")
    slow = text.split("query =")[0] + f'query = """{ENDLESS}"""\n'
    (city.city / "sources" / "wohngeld.toml").write_text(slow, encoding="utf-8")
    process = _start(city)
    deadline = time.monotonic() + 120
    while not _children(process.pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(1.5)
    family = _children(process.pid)
    assert family
    process.kill()
    process.wait()
    deadline = time.monotonic() + 60
    while any(Path(f"/proc/{pid}").exists() for pid in family) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert [pid for pid in family if Path(f"/proc/{pid}").exists()] == []


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in path.read_text(encoding="ascii").split():
            found += [int(child), *_children(int(child))]
    return [p for p in found if p != os.getpid()]
