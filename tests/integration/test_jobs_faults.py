"""Runs that are ended, started all at once, or taken back while people read."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from multiprocessing.connection import Connection, wait
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest
from tiny_city import count, refresh, snapshot, write_cases, write_city

from dashboard.jobs.locks import is_held
from dashboard.settings import Settings
from warehouse.errors import RetriableError
from warehouse.ledger import Ledger
from warehouse.publish import Warehouse

ROOT = Path(__file__).resolve().parents[2]
STARTS = 100

STUCK_WHILE_MERGING = """
import sys
from dashboard.jobs import refresh as job
from dashboard.__main__ import main

def endless(con, *_, **__):
    print("merging", flush=True)
    con.execute(
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 100000000000)"
        " SELECT max(x) FROM n"
    ).fetchall()

job.load = endless
sys.exit(main(["refresh", "--city", sys.argv[1], "--json"], {}))
"""

FOLLOWER = """
import json, sys, time
from pathlib import Path
from warehouse.store import SnapshotReader

folder, wanted = Path(sys.argv[1]), sys.argv[2]
reader = SnapshotReader(folder, memory_limit="128MB", temp_directory=folder.parent / "spill")
reader.current()
print("reading", flush=True)
began = time.monotonic()
while reader.current().name != wanted and time.monotonic() - began < 20:
    time.sleep(0.01)
answer = [reader.current().name, reader.current().query('SELECT count(*) FROM stage."case"')[0][0]]
print(json.dumps(answer), flush=True)
"""


@pytest.fixture
def city(tmp_path: Path) -> Settings:
    return write_city(tmp_path)


def test_a5_sigterm_while_merging_ends_in_order_and_the_next_run_resumes(city: Settings) -> None:
    refresh(city)
    before = snapshot(city).name
    write_cases(city.city, 25)
    command = [sys.executable, "-c", STUCK_WHILE_MERGING, str(city.city)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdout.readline() == "merging\n"
        time.sleep(0.2)
        process.send_signal(signal.SIGTERM)
        answer = json.loads(process.communicate(timeout=10)[0])
    assert (process.returncode, answer["state"]) == (3, "interrupted")
    assert [step["state"] for step in answer["steps"]] == ["done", "done", "interrupted"]
    assert Ledger(city.ledger_url).runs()[0].state == "interrupted"
    assert snapshot(city).name == before and not list((city.warehouse_dir / "draft").glob("*"))
    assert refresh(city).state == "published" and count(city, 'stage."case"') == 25


def try_to_hold(folder: str, go: Event, end: Event, answer: Connection) -> None:
    """Ask for the lock when all others do; hold it until told to let go."""
    go.wait(60)
    try:
        with Warehouse(Path(folder)).lock():
            answer.send(("held", multiprocessing.current_process().pid))
            end.wait(60)
    except RetriableError as error:
        answer.send((error.code, error.what))


def test_a7_of_a_hundred_starts_at_once_one_works_and_the_others_say_who(tmp_path: Path) -> None:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.integration.test_jobs_faults"])
    go, end, pipes = context.Event(), context.Event(), []
    processes = []
    for _ in range(STARTS):
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(target=try_to_hold, args=(str(tmp_path), go, end, sender))
        process.start()
        sender.close()
        pipes.append(receiver)
        processes.append(process)
    go.set()
    answers = [pipe.recv() for pipe in pipes if wait([pipe], timeout=60)]
    end.set()
    for process in processes:
        process.join(60)
    held = [pid for word, pid in answers if word == "held"]
    refused = [what for word, what in answers if word == "locked"]
    assert (len(held), len(refused)) == (1, STARTS - 1)
    assert all(f"Prozess {held[0]} seit " in what for what in refused)
    with Warehouse(tmp_path).lock():
        """The lock of a process that is gone is free, whatever it wrote into the file."""


def test_a7_the_lock_of_a_killed_run_is_free(city: Settings) -> None:
    command = [sys.executable, "-c", STUCK_WHILE_MERGING, str(city.city)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdout.readline() == "merging\n"
        with pytest.raises(RetriableError, match=f"Prozess {process.pid} seit "):
            refresh(city)
        process.kill()
    assert refresh(city).state == "published"
    assert {run.state for run in Ledger(city.ledger_url).runs()} == {"interrupted", "published"}


def test_a10_after_a_rollback_every_worker_follows_and_the_next_run_builds_on_it(city: Settings) -> None:
    refresh(city)
    first = snapshot(city).name
    write_cases(city.city, 25)
    refresh(city)
    command = [sys.executable, "-c", FOLLOWER, str(city.warehouse_dir), first]
    workers = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    for worker in workers:
        assert worker.stdout is not None and worker.stdout.readline() == "reading\n"
    began = time.monotonic()
    assert Warehouse(city.warehouse_dir).rollback().stem == first
    moved = time.monotonic() - began
    answers = [json.loads(worker.communicate(timeout=5)[0]) for worker in workers]
    assert answers == [[first, 20]] * 3, "each of them within five seconds"
    assert moved < 1
    refresh(city)
    assert count(city, 'stage."case"') == 25 and snapshot(city).name > first


def test_a7_a_lock_let_go_is_free_although_a_child_has_a_copy_of_its_descriptor(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path)
    reading, writing = os.pipe()
    with warehouse.lock():
        child = os.fork()
        if child == 0:  # pragma: no cover (the child only waits)
            os.close(writing)
            os.read(reading, 1)
            os._exit(0)
    try:
        assert not is_held(tmp_path / "lock")
        with warehouse.lock():
            assert is_held(tmp_path / "lock")
    finally:
        os.close(writing)
        os.close(reading)
        os.waitpid(child, 0)
