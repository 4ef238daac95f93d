"""Readers: one snapshot per call, closed doors, a way back when a file is damaged."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.warehouse_parts import DAY, MORNING, publish_city
from warehouse import pointer
from warehouse.errors import ContractError, RetriableError
from warehouse.publish import Warehouse
from warehouse.store import DatabaseError, SnapshotReader, literal, quote

FLIPS = 500
ROOT = Path(__file__).resolve().parents[2]
AS_NOBODY = """
import os, sys
from pathlib import Path
from warehouse import pointer
from warehouse.publish import Warehouse

folder, newest = Path(sys.argv[1]), sys.argv[2]

def look():
    seen = pointer.read_pointer(folder)
    found = Warehouse(folder).current() == pointer.snapshot_path(folder, newest)
    return f"{'seen' if seen else 'unseen'} and {'found' if found else 'lost'}"

look()  # Imports everything while that is still allowed.
os.setuid(65534)
print(look())
"""
ENDLESS = "SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range <> b.range"


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "warehouse")


@pytest.fixture
def reader(warehouse: Warehouse) -> SnapshotReader:
    return SnapshotReader(warehouse.folder, memory_limit="128MB")


def test_without_a_snapshot_the_reader_says_what_to_do(reader: SnapshotReader) -> None:
    with pytest.raises(RetriableError) as caught:
        reader.current()
    assert (caught.value.code, caught.value.next_step) == ("no_snapshot", "Einen Lauf starten: isek refresh")


def test_a_snapshot_knows_its_name_day_and_city(warehouse: Warehouse, reader: SnapshotReader) -> None:
    name = publish_city(warehouse)
    snapshot = reader.current()
    assert (snapshot.name, snapshot.business_date, snapshot.city) == (name, DAY, "Musterstadt")
    assert snapshot.created_at == snapshot.as_of == MORNING
    assert reader.current() is snapshot and reader.fallback_reason is None


def test_the_reader_follows_the_pointer_and_old_snapshots_stay_readable(
    warehouse: Warehouse, reader: SnapshotReader
) -> None:
    publish_city(warehouse, ["a"])
    old = reader.current()
    publish_city(warehouse, ["a", "b"])
    assert reader.current().query("SELECT count(*) FROM core.thing") == [(2,)]
    assert old.query("SELECT count(*) FROM core.thing") == [(1,)]
    assert reader.open(old.name).query("SELECT count(*) FROM core.thing") == [(1,)]
    with pytest.raises(ContractError):
        reader.open("2020-01-01T000000Z-9999")


def test_answers_come_as_rows_mappings_or_arrow_and_money_stays_exact(
    warehouse: Warehouse, reader: SnapshotReader
) -> None:
    publish_city(warehouse)
    snapshot, sql = reader.current(), "SELECT nr, CAST($1 AS DECIMAL(18,2)) AS amount_eur FROM core.thing"
    assert snapshot.query(sql, [Decimal("0.10")]) == [("a", Decimal("0.10"))]
    assert snapshot.rows(sql, [Decimal("0.10")]) == [{"nr": "a", "amount_eur": Decimal("0.10")}]
    table = snapshot.arrow(sql, [Decimal("0.10")])
    assert str(table.schema.field("amount_eur").type) == "decimal128(18, 2)"
    assert snapshot.query("SELECT $name", {"name": "x"}) == [("x",)]
    assert snapshot.describe(sql, [Decimal("1")]) == [("nr", "VARCHAR"), ("amount_eur", "DECIMAL(18,2)")]


def test_a_query_that_takes_too_long_is_cut_off_and_others_go_on(
    warehouse: Warehouse, reader: SnapshotReader
) -> None:
    publish_city(warehouse)
    snapshot, fine = reader.current(), []

    def others() -> None:
        fine.extend(snapshot.query("SELECT count(*) FROM core.thing")[0][0] for _ in range(50))

    thread = threading.Thread(target=others)
    thread.start()
    begin = time.monotonic()
    with pytest.raises(RetriableError) as caught:
        snapshot.query(ENDLESS, timeout_s=0.3)
    assert caught.value.code == "query_timeout" and time.monotonic() - begin >= 0.29
    thread.join()
    assert fine == [1] * 50
    assert snapshot.query("SELECT 1") == [(1,)]


def test_a_query_that_needs_too_much_memory_is_refused_and_the_process_lives(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    publish_city(warehouse)
    snapshot = SnapshotReader(warehouse.folder, memory_limit="32MB").current()
    with pytest.raises(RetriableError) as caught:
        snapshot.query("SELECT list(range::VARCHAR || repeat('x', 100)) FROM range(5000000)")
    assert caught.value.code == "query_memory"
    assert snapshot.query("SELECT 1") == [(1,)]


def test_many_threads_ask_one_snapshot(warehouse: Warehouse, reader: SnapshotReader) -> None:
    publish_city(warehouse, [str(n) for n in range(100)])
    answers: list[int] = []

    def ask() -> None:
        for _ in range(30):
            answers.append(reader.current().query("SELECT count(*) FROM core.thing")[0][0])

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [100] * 240


def test_a_fault_in_the_question_is_not_a_damaged_snapshot(
    warehouse: Warehouse, reader: SnapshotReader
) -> None:
    publish_city(warehouse)
    with pytest.raises(DatabaseError):
        reader.current().query("SELECT * FROM core.nothing")
    assert reader.fallback_reason is None and reader.current().query("SELECT 1") == [(1,)]


DAMAGES = {
    "cut in half": lambda data: data[: len(data) // 2],
    "empty": lambda data: b"",
    "garbage": lambda data: os.urandom(len(data)),
    "one bit": lambda data: (
        data[: len(data) // 3] + bytes([data[len(data) // 3] ^ 1]) + data[len(data) // 3 + 1 :]
    ),
    "first byte": lambda data: bytes([data[0] ^ 255]) + data[1:],
    "last byte": lambda data: data[:-1] + bytes([data[-1] ^ 1]),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_e3_a_damaged_snapshot_is_found_at_open_and_the_previous_one_stands_in(
    warehouse: Warehouse, reader: SnapshotReader, damage: str
) -> None:
    good, bad = publish_city(warehouse, ["a"]), publish_city(warehouse, ["a", "b"])
    path = pointer.snapshot_path(warehouse.folder, bad)
    path.chmod(0o600)
    path.write_bytes(DAMAGES[damage](path.read_bytes()))
    assert reader.current().name == good
    assert reader.current().query("SELECT count(*) FROM core.thing") == [(1,)]
    assert (
        reader.fallback_reason is not None
        and bad in reader.fallback_reason
        and good in reader.fallback_reason
    )
    assert warehouse.verify() == [bad]
    assert warehouse.current() == pointer.snapshot_path(warehouse.folder, good)


@pytest.mark.parametrize("seed", [1, 2])
def test_e3_no_flipped_bit_goes_unnoticed(warehouse: Warehouse, seed: int) -> None:
    name = publish_city(warehouse, [str(number) for number in range(300)])
    path, chance = pointer.snapshot_path(warehouse.folder, name), random.Random(seed)
    path.chmod(0o600)
    whole = path.read_bytes()
    missed = []
    for _ in range(FLIPS):
        place, bit = chance.randrange(len(whole)), 1 << chance.randrange(8)
        with path.open("r+b") as file:
            file.seek(place)
            file.write(bytes([whole[place] ^ bit]))
            file.flush()
            if pointer.is_intact(warehouse.folder, name) or not pointer.is_altered(warehouse.folder, name):
                missed.append((place, bit))
            file.seek(place)
            file.write(whole[place : place + 1])
    assert missed == [] and pointer.is_intact(warehouse.folder, name)


@pytest.mark.parametrize("version", [1, 0, 2**32, 2**63])
def test_e3_a_file_of_a_foreign_duckdb_version_is_given_up_although_its_passport_fits(
    warehouse: Warehouse, reader: SnapshotReader, version: int
) -> None:
    good, foreign = publish_city(warehouse, ["a"]), publish_city(warehouse, ["a", "b"])
    path = pointer.snapshot_path(warehouse.folder, foreign)
    path.chmod(0o600)
    data = bytearray(path.read_bytes())
    assert data[8:12] == b"DUCK"
    # Behind the magic word stands the version of the storage format.
    data[12:20] = version.to_bytes(8, "little")
    path.write_bytes(data)
    passport = pointer.read_passport(warehouse.folder, foreign)
    assert passport is not None
    fitting = replace(passport, sha256=pointer.file_digest(path))
    pointer.passport_path(warehouse.folder, foreign).write_text(fitting.to_json(), encoding="utf-8")
    assert pointer.is_intact(warehouse.folder, foreign)
    assert reader.current().name == good and foreign in str(reader.fallback_reason)


def test_e3_damage_found_by_a_query_leads_to_the_previous_snapshot(
    warehouse: Warehouse, reader: SnapshotReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Files too large to be hashed at open are only compared by size then.
    monkeypatch.setattr("warehouse.store.FULL_CHECK_BYTES", 0)
    rows = [f"{number} {os.urandom(100).hex()}" for number in range(300)]
    good, bad = publish_city(warehouse, rows), publish_city(warehouse, rows)
    path = pointer.snapshot_path(warehouse.folder, bad)
    data = path.read_bytes()
    assert rows[4].encode() in data
    path.chmod(0o600)
    path.write_bytes(data.replace(rows[4][:-1].encode(), rows[5][:-1].encode()))
    assert reader.current().name == bad
    with pytest.raises(RetriableError) as caught:
        reader.current().query("SELECT max(nr), min(nr) FROM core.thing")
    assert caught.value.code == "snapshot_damaged"
    assert reader.current().name == good and reader.fallback_reason
    assert reader.current().query("SELECT count(DISTINCT nr) FROM core.thing") == [(300,)]


def test_the_next_publication_ends_the_fallback(warehouse: Warehouse, reader: SnapshotReader) -> None:
    publish_city(warehouse)
    bad = publish_city(warehouse)
    pointer.snapshot_path(warehouse.folder, bad).unlink()
    assert reader.current().name != bad and reader.fallback_reason
    newest = publish_city(warehouse)
    assert reader.current().name == newest and reader.fallback_reason is None


def test_e4_a_pointer_that_is_no_file_leads_to_the_newest_intact_snapshot(
    warehouse: Warehouse, reader: SnapshotReader
) -> None:
    newest = publish_city(warehouse)
    place = warehouse.folder / "current"
    for make in (place.mkdir, lambda: place.symlink_to("/etc/passwd"), lambda: place.symlink_to("nowhere")):
        place.rmdir() if place.is_dir() else place.unlink()
        make()
        assert reader.current().name == newest and reader.fallback_reason
    assert warehouse.current() == pointer.snapshot_path(warehouse.folder, newest)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody who may not read")
def test_e4_a_pointer_with_wrong_rights_leads_to_the_newest_snapshot(tmp_path: Path) -> None:
    folder = Path(tempfile.mkdtemp(prefix="isek-rights-"))
    try:
        folder.chmod(0o755)
        newest = publish_city(Warehouse(folder))
        for path in (folder, folder / "snapshots"):
            path.chmod(0o755)
        for path in (pointer.passport_path(folder, newest), pointer.snapshot_path(folder, newest)):
            path.chmod(0o644)
        (folder / "current").chmod(0o000)
        command = [sys.executable, "-c", AS_NOBODY, str(folder), newest]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
        assert (done.stdout, done.stderr) == ("unseen and found\n", "")
    finally:
        shutil.rmtree(folder)


@pytest.mark.parametrize("content", ["", "nonsense\n", "../../etc/passwd\n", "2030-01-01T000000Z-0099\n"])
def test_e4_a_broken_pointer_leads_to_the_newest_intact_snapshot(
    warehouse: Warehouse, reader: SnapshotReader, content: str
) -> None:
    publish_city(warehouse, ["a"])
    newest = publish_city(warehouse, ["a", "b"])
    (warehouse.folder / "current").write_text(content, encoding="ascii")
    assert reader.current().name == newest and reader.fallback_reason
    (warehouse.folder / "current").unlink()
    assert reader.current().name == newest


def test_e3_a_snapshot_under_a_foreign_name_is_not_believed(
    warehouse: Warehouse, reader: SnapshotReader
) -> None:
    good, other = publish_city(warehouse, ["a"]), publish_city(warehouse, ["b"])
    source, target = (pointer.snapshot_path(warehouse.folder, n) for n in (good, other))
    target.chmod(0o600)
    target.write_bytes(source.read_bytes())
    text = pointer.passport_path(warehouse.folder, good).read_text(encoding="utf-8").replace(good, other)
    pointer.passport_path(warehouse.folder, other).write_text(text, encoding="utf-8")
    assert reader.current().name == good


def test_e4_when_everything_is_damaged_the_reader_says_so(
    warehouse: Warehouse, reader: SnapshotReader
) -> None:
    pointer.snapshot_path(warehouse.folder, publish_city(warehouse)).unlink()
    with pytest.raises(RetriableError) as caught:
        reader.current()
    assert caught.value.code == "no_snapshot"


def test_names_and_texts_cannot_leave_their_quotation_marks(
    warehouse: Warehouse, reader: SnapshotReader
) -> None:
    publish_city(warehouse)
    snapshot = reader.current()
    for hostile in ('a"b', "a'b", "case", "a b", 'x"; SELECT 1; --', "\\"):
        assert snapshot.rows(f"SELECT {literal(hostile)} AS {quote(hostile)}") == [{hostile: hostile}]
