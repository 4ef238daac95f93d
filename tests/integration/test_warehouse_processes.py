"""Several processes at once: killed publishers, polling readers, one lock, forked workers."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.warehouse_parts import publish_city, publish_forever
from warehouse import pointer
from warehouse.publish import Warehouse
from warehouse.store import SnapshotReader

ROOT = Path(__file__).resolve().parents[2]
KILLS = 20

POLLER = """
import json, sys, time
from pathlib import Path
from warehouse.store import SnapshotReader

folder, stop = Path(sys.argv[1]), Path(sys.argv[2])
reader = SnapshotReader(folder, memory_limit="128MB", temp_directory=folder.parent / "spill")
checks = mixed = backwards = 0
seen, errors = [], []
while not stop.exists():
    try:
        snapshot = reader.current()
        (generations,) = snapshot.query(
            "SELECT count(DISTINCT split_part(nr, '-', 1))"
            " FROM (SELECT nr FROM core.thing UNION ALL SELECT nr FROM core.twin)"
        )[0]
        rows = [snapshot.query(f"SELECT count(*) FROM core.{table}")[0][0] for table in ("thing", "twin")]
        mixed += generations != 1 or rows != [200, 200]
        serial = int(snapshot.name.rsplit("-", 1)[1])
        backwards += bool(seen) and serial < seen[-1]
        if not seen or seen[-1] != serial:
            seen.append(serial)
        checks += 1
    except Exception as error:
        errors.append(repr(error))
    time.sleep(0.002)
answer = {"checks": checks, "mixed": mixed, "backwards": backwards, "seen": len(seen), "errors": errors[:3]}
print(json.dumps(answer))
"""

HOLDER = """
import sys, time
from pathlib import Path
from warehouse.errors import RetriableError
from warehouse.publish import Warehouse

try:
    with Warehouse(Path(sys.argv[1])).lock():
        print("held", flush=True)
        time.sleep(float(sys.argv[2]))
except RetriableError as error:
    print(error.code, error.what, flush=True)
"""


def _python(code: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    warehouse = Warehouse(tmp_path / "warehouse")
    yield warehouse


def _kill_at_a_random_moment(warehouse: Warehouse, first: int, chance: random.Random) -> int:
    """Start a publisher, wait until it works, kill it; returns how many publications it reported."""
    context = multiprocessing.get_context("forkserver")
    # Forked from a server that has everything imported and DuckDB never opened: quick and clean.
    context.set_forkserver_preload(["tests.warehouse_parts"])
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=publish_forever, args=(str(warehouse.folder), first, sender))
    process.start()
    sender.close()
    assert receiver.poll(60) and receiver.recv()
    reported = 1
    time.sleep(chance.uniform(0, 0.2))
    process.kill()
    process.join()
    with contextlib.suppress(EOFError, OSError):
        while receiver.recv():
            reported += 1
    return reported


def test_killing_the_publisher_loses_nothing_and_readers_never_see_a_mixture(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    publish_city(warehouse, [f"0-{row}" for row in range(200)])
    stop, chance = tmp_path / "stop", random.Random(7)
    pollers = [_python(POLLER, warehouse.folder, stop) for _ in range(2)]
    try:
        for kill in range(KILLS):
            before = pointer.read_pointer(warehouse.folder)
            reported = _kill_at_a_random_moment(warehouse, 1000 * (kill + 1), chance)
            after = pointer.read_pointer(warehouse.folder)
            assert before is not None and after is not None
            assert pointer.serial_of(after) >= pointer.serial_of(before) + reported, (
                "a reported publication is there"
            )
            assert pointer.is_intact(warehouse.folder, after), "the pointer leads to a whole snapshot"
    finally:
        stop.touch()
        answers = [json.loads(poller.communicate(timeout=30)[0]) for poller in pollers]
    for answer in answers:
        assert answer["errors"] == [] and answer["mixed"] == 0 and answer["backwards"] == 0, answer
        assert answer["checks"] > 100 and answer["seen"] > KILLS / 2, answer
    publish_city(warehouse, ["last-0"])
    assert SnapshotReader(warehouse.folder).current().query("SELECT nr FROM core.thing") == [("last-0",)]
    assert warehouse.verify() == []
    assert list((warehouse.folder / "draft").iterdir()) == []


def test_of_many_processes_one_holds_the_lock_and_the_others_say_who(warehouse: Warehouse) -> None:
    with _python(HOLDER, warehouse.folder, 60) as first:
        assert first.stdout is not None and first.stdout.readline() == "held\n"
        others = [_python(HOLDER, warehouse.folder, 0) for _ in range(6)]
        answers = [other.communicate(timeout=60)[0] for other in others]
        first.kill()
    assert all(
        answer.startswith("locked ") and f"Prozess {first.pid} seit " in answer for answer in answers
    ), answers
    with _python(HOLDER, warehouse.folder, 0) as next_one:
        assert next_one.communicate(timeout=60)[0] == "held\n", "the lock of a killed process is free"


def test_a_reader_used_before_fork_opens_anew_in_the_child(warehouse: Warehouse) -> None:
    publish_city(warehouse)
    code = """
import os, sys
from pathlib import Path
from warehouse.store import SnapshotReader

reader = SnapshotReader(Path(sys.argv[1]), memory_limit="128MB")
count = lambda: reader.current().query("SELECT count(*) FROM core.thing")[0][0]
assert count() == 1
child = os.fork()
if child == 0:
    os._exit(0 if count() == 1 else 1)
_, status = os.waitpid(child, 0)
assert count() == 1
print("child", os.waitstatus_to_exitcode(status))
"""
    with _python(code, warehouse.folder) as process:
        assert process.communicate(timeout=30)[0] == "child 0\n"


def test_parallel_processes_that_spill_do_not_destroy_each_other(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    publish_city(warehouse)
    code = """
import sys
from pathlib import Path
from warehouse.store import SnapshotReader

reader = SnapshotReader(Path(sys.argv[1]), memory_limit="40MB", temp_directory=Path(sys.argv[2]))
numbers = "SELECT md5(CAST(range AS VARCHAR)) AS r FROM range(600000)"
sql = f"SELECT count(*), sum(n) FROM (SELECT r, count(*) AS n FROM ({numbers}) GROUP BY r)"
print(reader.current().query(sql, timeout_s=60))
"""
    processes = [_python(code, warehouse.folder, tmp_path / "spill") for _ in range(3)]
    answers = [process.communicate(timeout=120)[0] for process in processes]
    assert answers == ["[(600000, 600000)]\n"] * 3
