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
from warehouse import pointer, upkeep
from warehouse.errors import ConfigError, ContractError, RetriableError
from warehouse.publish import Warehouse
from warehouse.store import SnapshotReader, open_draft


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


def test_e5_a_draft_begins_as_a_copy_and_ten_orphans_are_swept(warehouse: Warehouse) -> None:
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


def test_e2_too_little_space_is_told_before_anything_is_copied(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_city(warehouse)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9, 1000))
    with warehouse.lock(), pytest.raises(RetriableError) as caught:
        warehouse.new_draft()
    assert caught.value.code == "disk_full" and list((warehouse.folder / "draft").iterdir()) == []


def test_a10_rolling_back_moves_the_pointer_to_the_one_before(warehouse: Warehouse) -> None:
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


def test_e6_pruning_keeps_the_last_of_each_day_and_month(warehouse: Warehouse) -> None:
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


def test_e6_pruning_never_removes_the_current_snapshot(warehouse: Warehouse) -> None:
    names = [publish_city(warehouse, business_date=date(2026, 6, day)) for day in range(1, 6)]
    warehouse.rollback(names[0])
    warehouse.prune(keep_daily=1, keep_monthly=0)
    assert {info.name for info in warehouse.snapshots()} == {names[0], names[3], names[4]}


def test_e6_a_damaged_snapshot_takes_no_place_of_one_that_can_stand_in(warehouse: Warehouse) -> None:
    names = [publish_city(warehouse) for _ in range(4)]
    _damage(warehouse, names[2])
    with warehouse.lock():
        warehouse.give_up_damaged(everything=True)
    assert warehouse.prune(1, 0) == [names[0]]
    assert warehouse.rollback().stem == names[1]


def test_e6_a_pinned_snapshot_stays_until_it_is_unpinned(warehouse: Warehouse) -> None:
    names = [publish_city(warehouse, business_date=date(2026, 1, day)) for day in range(1, 6)]
    warehouse.pin(names[0])
    assert [info.name for info in warehouse.snapshots() if info.pinned] == [names[0]]
    assert names[0] not in warehouse.prune(keep_daily=1, keep_monthly=0)
    warehouse.unpin(names[0])
    assert warehouse.prune(keep_daily=1, keep_monthly=0) == [names[0]]
    assert [p for p in (warehouse.folder / "snapshots").iterdir() if p.stem == names[0]] == []
    with pytest.raises(ContractError) as caught:
        warehouse.pin("2020-01-01T000000Z-0099")
    assert caught.value.code == "unknown_snapshot"


def test_e6_three_years_of_nights_leave_fourteen_days_and_twelve_months() -> None:
    days = [date(2024, 1, 1) + timedelta(days=number) for number in range(3 * 365)]
    dated = [(f"{day:%Y%m%d}", day) for day in reversed(days)]
    kept = upkeep.kept_names(dated, 14, 12)
    last = days[-1]
    months = {
        max(d for d in days if (d.year, d.month) == (y, m)) for y, m in {(d.year, d.month) for d in days}
    }
    expected = {f"{last - timedelta(days=n):%Y%m%d}" for n in range(14)}
    expected |= {f"{day:%Y%m%d}" for day in sorted(months)[-12:]}
    assert kept == expected and len(kept) == 14 + 11


def test_e6_a_reader_keeps_a_snapshot_that_was_cleared_away_under_it(warehouse: Warehouse) -> None:
    publish_city(warehouse, ["a"], business_date=date(2026, 6, 1))
    reader = SnapshotReader(warehouse.folder, memory_limit="128MB")
    held = reader.current()
    for day in range(2, 6):
        publish_city(warehouse, ["a", "b"], business_date=date(2026, 6, day))
    assert held.name in warehouse.prune(keep_daily=1, keep_monthly=0)
    assert held.query("SELECT nr FROM core.thing") == [("a",)]
    assert reader.current().query("SELECT count(*) FROM core.thing") == [(2,)]


def _damage(warehouse: Warehouse, name: str) -> None:
    path = pointer.snapshot_path(warehouse.folder, name)
    path.chmod(0o600)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def test_e3_the_full_scan_gives_up_damaged_snapshots_and_moves_the_pointer(warehouse: Warehouse) -> None:
    names = [publish_city(warehouse) for _ in range(4)]
    for name in (names[0], names[2], names[3]):
        _damage(warehouse, name)
    with warehouse.lock():
        assert warehouse.give_up_damaged(everything=False) == [names[3], names[2]]
        assert pointer.read_pointer(warehouse.folder) == names[1]
        assert warehouse.give_up_damaged(everything=True) == [names[0]]
        assert warehouse.give_up_damaged(everything=True) == []
    assert [info.name for info in warehouse.snapshots() if info.damaged] == [names[3], names[2], names[0]]
    assert pointer.serial_of(publish_city(warehouse)) == 5, "the name of a damaged one is not given again"


def test_e3_a_damaged_snapshot_is_not_opened_again_whatever_its_size(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Files too large to be hashed at open are only compared by size then.
    monkeypatch.setattr("warehouse.store.FULL_CHECK_BYTES", 0)
    good, bad = publish_city(warehouse, ["a"]), publish_city(warehouse, ["a", "b"])
    _damage(warehouse, bad)
    with warehouse.lock():
        warehouse.give_up_damaged(everything=False)
    assert SnapshotReader(warehouse.folder, memory_limit="128MB").current().name == good
    with pytest.raises(ContractError):
        warehouse.rollback(bad)


def test_e3_a_snapshot_that_cannot_be_read_today_is_not_given_up(warehouse: Warehouse) -> None:
    publish_city(warehouse)
    lost = publish_city(warehouse)
    pointer.snapshot_path(warehouse.folder, lost).rename(warehouse.folder / "elsewhere")
    with warehouse.lock():
        assert warehouse.give_up_damaged(everything=True) == []
    (warehouse.folder / "elsewhere").rename(pointer.snapshot_path(warehouse.folder, lost))
    assert warehouse.current() == pointer.snapshot_path(warehouse.folder, lost)


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


def test_e1_a_disk_that_fills_up_while_publishing_is_told_and_the_old_snapshot_stays(
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
