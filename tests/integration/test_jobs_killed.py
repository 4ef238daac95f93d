"""Killed at random moments: readers see the old snapshot or the new one, never a mixture."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from tiny_city import snapshot, write_appointments, write_cases, write_city

from dashboard.settings import Settings
from warehouse.errors import RetriableError
from warehouse.ledger import Ledger
from warehouse.pointer import serial_of
from warehouse.publish import Warehouse

KILLS = 20
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


class Watcher(threading.Thread):
    """Reads all the time and keeps what must never be seen."""

    def __init__(self, city: Settings) -> None:
        super().__init__(daemon=True)
        self.city, self.ended, self.reads = city, threading.Event(), 0
        self.mixed: list[tuple[str, int, int]] = []
        self.backwards: list[tuple[str, str]] = []

    def run(self) -> None:
        last = ""
        while not self.ended.wait(0.01):
            try:
                seen = snapshot(self.city)
            except RetriableError:
                continue
            rows = seen.query(
                'SELECT (SELECT count(*) FROM stage.appointment), (SELECT count(*) FROM stage."case"),'
                " (SELECT min(published) FROM meta.source WHERE source <> 'organisation')"
            )[0]
            self.reads += 1
            if len(set(rows)) != 1:
                self.mixed.append((seen.name, *rows[:2]))
            if last and serial_of(seen.name) < serial_of(last):
                self.backwards.append((last, seen.name))
            last = seen.name


def test_twenty_kills_at_random_moments_lose_and_mix_nothing(city: Settings) -> None:
    _change(city, 50)
    assert _start(city).wait(60) == 0
    watcher = Watcher(city)
    watcher.start()
    moments = random.Random(20260609)
    published = 0
    for number in range(KILLS):
        _change(city, 51 + number)
        process = _start(city)
        try:
            process.wait(moments.uniform(0.5, 2.2))
            published += 1
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
    _change(city, 100)
    last = _start(city)
    output = last.communicate(timeout=60)[0]
    time.sleep(0.1)
    watcher.ended.set()
    watcher.join()
    print(f"{KILLS - published} of {KILLS} runs killed, {watcher.reads} reads")
    assert last.returncode == 0, output
    assert watcher.mixed == [] and watcher.backwards == []
    assert watcher.reads > 100
    assert published < KILLS, "no run was killed: the moments have to be earlier"
    assert snapshot(city).query('SELECT count(*), count(DISTINCT case_id) FROM stage."case"') == [(100, 100)]
    assert len(list((city.warehouse_dir / "draft").glob("*.duckdb"))) <= 1
    assert Warehouse(city.warehouse_dir).verify() == []
    assert "running" not in {run.state for run in Ledger(city.ledger_url).runs(limit=100)}


def test_sigterm_while_reading_ends_in_order_and_the_next_run_works(city: Settings) -> None:
    text = (city.city / "sources" / "wohngeld.toml").read_text(encoding="utf-8")
    slow = text.split("query =")[0] + f'query = """{ENDLESS}"""\n'
    (city.city / "sources" / "wohngeld.toml").write_text(slow, encoding="utf-8")
    process = _start(city)
    ledger = Ledger(city.ledger_url)
    deadline = time.monotonic() + 30
    while not any(r.state == "running" for r in ledger.runs()) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(1)
    began = time.monotonic()
    process.terminate()
    process.communicate(timeout=10)
    assert time.monotonic() - began < 10
    assert process.returncode == 3
    assert ledger.runs()[0].state == "interrupted"
    assert Warehouse(city.warehouse_dir).current() is None
    (city.city / "sources" / "wohngeld.toml").write_text(text, encoding="utf-8")
    assert _start(city).wait(60) == 0


def test_of_several_refreshes_at_once_one_works_and_the_others_say_who_does(city: Settings) -> None:
    processes = [_start(city) for _ in range(4)]
    outputs = [p.communicate(timeout=60)[0] for p in processes]
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
    deadline = time.monotonic() + 30
    while not _children(process.pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(1.5)
    family = _children(process.pid)
    assert family
    process.kill()
    process.wait()
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in family) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert [pid for pid in family if Path(f"/proc/{pid}").exists()] == []


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in path.read_text(encoding="ascii").split():
            found += [int(child), *_children(int(child))]
    return [p for p in found if p != os.getpid()]
