"""Publishing: unique names, one atomic step, a lock that tells its holder, a way back."""

from __future__ import annotations

import errno
import json
import os
import shutil
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from tests.warehouse_parts import MORNING, publish_city
from warehouse import pointer
from warehouse.errors import ConfigError, ContractError, RetriableError
from warehouse.publish import Warehouse
from warehouse.store import open_draft


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "warehouse")


def test_a_name_is_the_start_in_utc_and_a_serial(warehouse: Warehouse) -> None:
    berlin = timezone(timedelta(hours=2))
    assert warehouse.next_name(datetime(2026, 6, 9, 5, 17, 2, tzinfo=berlin)) == "2026-06-09T031702Z-0001"
    assert publish_city(warehouse) == "2026-06-09T011500Z-0001"
    assert publish_city(warehouse) == "2026-06-09T011500Z-0002"
    assert pointer.snapshot_name(MORNING, 12345) == "2026-06-09T011500Z-12345"


def test_order_follows_publication_even_when_the_clock_steps_back(warehouse: Warehouse) -> None:
    first = publish_city(warehouse)
    second = publish_city(warehouse, started_at=MORNING - timedelta(hours=2))
    assert [info.name for info in warehouse.snapshots()] == [second, first]


def test_a_published_file_stands_alone_and_is_listed_with_its_facts(warehouse: Warehouse) -> None:
    name = publish_city(warehouse)
    (info,) = warehouse.snapshots()
    assert (info.name, info.business_date, info.created_at, info.run_id, info.current) == (
        name, date(2026, 6, 9), MORNING, "run-1", True,
    )  # fmt: skip
    assert sorted(p.name for p in (warehouse.folder / "snapshots").iterdir()) == [
        f"{name}.duckdb",
        f"{name}.json",
    ]
    assert pointer.snapshot_path(warehouse.folder, name).stat().st_mode & 0o222 == 0
    assert list((warehouse.folder / "draft").iterdir()) == []


def test_a_draft_begins_as_a_copy_and_old_drafts_are_swept(warehouse: Warehouse) -> None:
    publish_city(warehouse, ["a", "b"])
    orphans = [warehouse.folder / "draft" / f"{n}.duckdb" for n in range(10)]
    for orphan in orphans:
        orphan.write_bytes(b"left over")
    (warehouse.folder / ".current-99").write_text("half", encoding="ascii")
    with warehouse.lock():
        draft = warehouse.new_draft()
        connection = open_draft(draft)
        assert connection.execute("SELECT count(*) FROM stage.thing").fetchall() == [(2,)]
        connection.close()
    assert not any(orphan.exists() for orphan in orphans) and not (warehouse.folder / ".current-99").exists()


def test_a_name_is_never_used_twice(warehouse: Warehouse) -> None:
    name = publish_city(warehouse)
    with warehouse.lock():
        draft = warehouse.new_draft()
        for wrong in (name, "june", "../2026-06-09T011500Z-0003"):
            with pytest.raises(ConfigError) as caught:
                warehouse.publish(draft, wrong)
            assert caught.value.code == "snapshot_exists"


def test_a_draft_that_is_no_snapshot_is_not_published(warehouse: Warehouse) -> None:
    name = publish_city(warehouse)
    with warehouse.lock():
        draft = warehouse.new_draft()
        for _ in range(2):
            with pytest.raises(ContractError) as caught:
                warehouse.publish(draft, warehouse.next_name(MORNING))
            assert caught.value.code == "draft_invalid"
            draft.unlink()
            open_draft(draft).close()
    assert pointer.read_pointer(warehouse.folder) == name and len(warehouse.snapshots()) == 1


def test_a_draft_still_open_elsewhere_is_not_published(warehouse: Warehouse) -> None:
    publish_city(warehouse)
    with warehouse.lock():
        draft = warehouse.new_draft()
        (draft.with_name(draft.name + ".wal")).mkdir()
        with pytest.raises((RetriableError, OSError)):
            warehouse.publish(draft, warehouse.next_name(MORNING))


def test_the_lock_names_its_holder_and_since_when(warehouse: Warehouse) -> None:
    with warehouse.lock():
        with pytest.raises(RetriableError) as caught, Warehouse(warehouse.folder).lock():
            pass
        holder = json.loads((warehouse.folder / "lock").read_text(encoding="utf-8"))
    assert caught.value.code == "locked"
    assert f"Prozess {os.getpid()} seit {holder['since']}" in caught.value.what
    assert datetime.fromisoformat(holder["since"]).tzinfo == UTC
    with warehouse.lock():
        pass


def test_what_a_dead_process_wrote_into_the_lock_does_not_matter(warehouse: Warehouse) -> None:
    warehouse.folder.mkdir(parents=True)
    (warehouse.folder / "lock").write_text('{"pid": 1, "since": "long ago"}' + " " * 500, encoding="utf-8")
    with warehouse.lock():
        assert json.loads((warehouse.folder / "lock").read_text(encoding="utf-8"))["pid"] == os.getpid()


def test_too_little_space_is_told_before_anything_is_copied(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_city(warehouse)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9, 1000))
    with warehouse.lock(), pytest.raises(RetriableError) as caught:
        warehouse.new_draft()
    assert caught.value.code == "disk_full" and list((warehouse.folder / "draft").iterdir()) == []


def test_rolling_back_moves_the_pointer_to_the_one_before(warehouse: Warehouse) -> None:
    names = [publish_city(warehouse) for _ in range(3)]
    assert warehouse.rollback().stem == names[1]
    assert warehouse.rollback().stem == names[0]
    assert [info.name for info in warehouse.snapshots() if info.current] == [names[0]]
    assert warehouse.rollback(names[2]).stem == names[2]
    with pytest.raises(ContractError):
        warehouse.rollback("2020-01-01T000000Z-0099")


def test_rolling_back_skips_damaged_snapshots(warehouse: Warehouse) -> None:
    names = [publish_city(warehouse) for _ in range(3)]
    pointer.snapshot_path(warehouse.folder, names[1]).unlink()
    assert warehouse.rollback().stem == names[0]
    with pytest.raises(ContractError):
        warehouse.rollback()
    with pytest.raises(ContractError):
        warehouse.rollback(names[1])


def test_after_a_rollback_the_next_serial_is_still_new(warehouse: Warehouse) -> None:
    names = [publish_city(warehouse) for _ in range(2)]
    warehouse.rollback()
    assert publish_city(warehouse) not in names
    assert pointer.serial_of(warehouse.snapshots()[0].name) == 3


def test_pruning_keeps_the_last_of_each_day_and_month(warehouse: Warehouse) -> None:
    days = [
        date(2026, 4, 29),
        date(2026, 4, 30),
        date(2026, 5, 31),
        date(2026, 6, 8),
        date(2026, 6, 8),
        date(2026, 6, 9),
    ]
    names = [publish_city(warehouse, business_date=day) for day in days]
    removed = warehouse.prune(keep_daily=2, keep_monthly=3)
    assert sorted(removed) == sorted([names[0], names[3]])
    assert len(list((warehouse.folder / "snapshots").iterdir())) == 2 * 4


def test_pruning_never_removes_the_current_snapshot(warehouse: Warehouse) -> None:
    names = [publish_city(warehouse, business_date=date(2026, 6, day)) for day in range(1, 6)]
    warehouse.rollback(names[0])
    warehouse.prune(keep_daily=1, keep_monthly=0)
    assert {info.name for info in warehouse.snapshots()} == {names[0], names[3], names[4]}


def test_a_lost_passport_makes_a_snapshot_unusable_but_listed(warehouse: Warehouse) -> None:
    first, second = publish_city(warehouse), publish_city(warehouse)
    pointer.passport_path(warehouse.folder, second).write_text("{", encoding="utf-8")
    assert warehouse.current() == pointer.snapshot_path(warehouse.folder, first)
    assert [info.business_date for info in warehouse.snapshots()] == [None, date(2026, 6, 9)]


def test_equal_content_has_an_equal_hash_whatever_the_run(warehouse: Warehouse) -> None:
    publish_city(warehouse, ["a", "b"], run_id="r1")
    publish_city(warehouse, ["b", "a"], run_id="r2", started_at=MORNING + timedelta(days=1))
    publish_city(warehouse, ["a", "c"], run_id="r3")
    third, second, first = [info.content_hash for info in warehouse.snapshots()]
    assert first == second != third


def test_a_folder_nobody_may_write_to_is_told_as_such(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(ConfigError) as caught, warehouse.lock():
        pass
    assert caught.value.code == "not_writable" and str(warehouse.folder) == caught.value.where


def test_a_disk_that_fills_up_while_publishing_is_told_and_the_old_snapshot_stays(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_city(warehouse)
    before = warehouse.current()

    def fill(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("warehouse.publish.checkpoint", fill)
    with pytest.raises(RetriableError) as caught:
        publish_city(warehouse)
    assert caught.value.code == "disk_full"
    assert warehouse.current() == before
    assert list(warehouse.discard_drafts().parent.glob("draft/*")) == []
