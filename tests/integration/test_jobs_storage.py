"""Full, damaged, locked: what the storage does must not empty the portal, and people are told."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from tiny_city import DAY, NOON, count, refresh, snapshot, write_appointments, write_city

from dashboard.__main__ import main
from dashboard.jobs.accounting import RunRecord
from dashboard.jobs.refresh import Request, run_refresh
from dashboard.settings import Settings, load_settings
from warehouse import pointer
from warehouse.errors import IsekError
from warehouse.ledger import Ledger
from warehouse.publish import Warehouse

MIB = 2**20


@pytest.fixture
def city(tmp_path: Path) -> Settings:
    return write_city(tmp_path)


def _night(city: Settings, number: int) -> RunRecord:
    return refresh(city, day=DAY + timedelta(days=number), now=NOON + timedelta(days=number))


def _damage(city: Settings, name: str) -> None:
    path = pointer.snapshot_path(city.warehouse_dir, name)
    path.chmod(0o600)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def test_e2_a_night_without_room_for_two_snapshots_refuses_early_and_says_so(
    city: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _night(city, 0).snapshot
    size = pointer.snapshot_path(city.warehouse_dir, str(before)).stat().st_size
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(size * 9, 0, 2 * size - 1))
    record = _night(city, 1)
    assert record.state == "failed" and "fehlt Speicherplatz" in str(record.reason)
    assert "MiB frei" in str(record.reason) and "Platz schaffen" in str(record.reason)
    assert [step["stage"] for step in record.steps] == ["S1"], "nothing was read"
    assert Ledger(city.ledger_url).conditions()[0].reason == record.reason
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(size * 9, 0, 2 * size))
    assert _night(city, 1).state == "published"


def test_e2_a_disk_that_is_full_of_snapshots_past_their_time_frees_itself(
    city: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        _night(city, number)
    warehouse = Warehouse(city.warehouse_dir)

    def usage(_: object) -> object:
        return shutil._ntuple_diskusage(0, 0, 0 if len(warehouse.snapshots()) > 3 else 2**40)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    assert _night(city, 5).state == "failed"
    short = city.stores.model_copy(update={"keep_daily": 1, "keep_monthly": 0})
    assert _night(city.model_copy(update={"stores": short}), 5).state == "published"


def test_e2_the_town_says_how_much_room_a_night_needs(
    city: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    _night(city, 0)
    more = '[stores]\npreflight_factor = 20\n[night]\nat = "03:15"\n'
    with (city.city / "portal.toml").open("a", encoding="utf-8") as file:
        file.write(more)
    free = 10 * pointer.snapshot_path(city.warehouse_dir, snapshot(city).name).stat().st_size
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(free, 0, free))
    assert _night(load_settings(city.city, {}), 1).state == "failed"


def test_e3_a_night_on_a_damaged_snapshot_builds_on_the_one_before_and_says_so(city: Settings) -> None:
    first, second = _night(city, 0).snapshot, _night(city, 1).snapshot
    _damage(city, str(second))
    write_appointments(city.city, 12)
    record = _night(city, 2)
    assert record.state == "published" and record.damaged == [second]
    assert f"Beschädigt und nicht mehr gezeigt: {second}" in str(record.reason)
    assert f"baut auf {first} auf" in str(record.reason)
    assert (count(city, "core.appointment"), count(city, 'stage."case"')) == (12, 20)
    conditions = {c.topic: c.state for c in Ledger(city.ledger_url).conditions()}
    assert conditions[f"snapshot:{second}"] == "beschädigt"
    assert _night(city, 3).damaged == [], "told once"
    _night(city, 4)
    assert Ledger(city.ledger_url).conditions() == [], "it was cleared away and is no state any more"


def test_e3_damage_is_survived_also_when_the_night_itself_fails(city: Settings) -> None:
    first, second = _night(city, 0).snapshot, _night(city, 1).snapshot
    _damage(city, str(second))
    shutil.move(city.city / "sources", city.city / "verschwunden")
    assert _night(city, 2).state == "failed"
    assert pointer.read_pointer(city.warehouse_dir) == first


def test_e3_with_no_readable_snapshot_left_nothing_is_published_over_what_the_landing_zone_still_has(
    city: Settings,
) -> None:
    only = str(_night(city, 0).snapshot)
    _damage(city, only)
    (city.city / "inbox" / "termine.csv").unlink()
    for number in (1, 2):
        record = _night(city, number)
        assert record.state == "failed" and "isek rebuild --publish" in str(record.reason)
    assert Ledger(city.ledger_url).conditions()[0].reason == record.reason
    assert main(["rebuild", "--publish", "--city", str(city.city)], {}) == 0
    assert count(city, "core.appointment") == 10
    assert _night(city, 3).state == "published" and count(city, "core.appointment") == 10


def test_e4_a_pointer_or_passport_that_is_lost_is_said_by_the_next_run(city: Settings) -> None:
    first, second = _night(city, 0).snapshot, str(_night(city, 1).snapshot)
    (city.warehouse_dir / "current").write_text("\0")
    record = _night(city, 2)
    assert "Verweis" in str(record.reason) and second in str(record.reason)
    pointer.passport_path(city.warehouse_dir, str(record.snapshot)).unlink()
    after = _night(city, 3)
    assert after.state == "published" and after.damaged == [record.snapshot]
    assert f"baut auf {second} auf" in str(after.reason) and first is not None
    assert _night(city, 4).reason is None


def test_e3_the_scan_by_hand_names_what_is_damaged_and_switches(
    city: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = _night(city, 0).snapshot, _night(city, 1).snapshot
    assert main(["snapshots", "--verify", "--city", str(city.city)], {}) == 0
    _damage(city, str(second))
    assert main(["snapshots", "--verify", "--city", str(city.city)], {}) == 1
    assert f"Beschädigt: {second}" in capsys.readouterr().err
    assert pointer.read_pointer(city.warehouse_dir) == first
    assert main(["snapshots", "--json", "--city", str(city.city)], {}) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [(s["name"], s["damaged"], s["current"]) for s in listed] == [
        (second, True, False),
        (first, False, True),
    ]


def test_e6_a_snapshot_is_pinned_by_command_and_kept_with_an_audit_line(
    city: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    city = city.model_copy(
        update={"stores": city.stores.model_copy(update={"keep_daily": 1, "keep_monthly": 0})}
    )
    pinned = str(_night(city, 0).snapshot)
    assert main(["snapshots", "--pin", pinned, "--city", str(city.city)], {}) == 0
    for number in range(1, 5):
        _night(city, number)
    names = [info.name for info in Warehouse(city.warehouse_dir).snapshots()]
    assert pinned in names and len(names) == 3, "the pinned one and the newest two"
    assert main(["snapshots", "--unpin", pinned, "--city", str(city.city)], {}) == 0
    _night(city, 5)
    assert pinned not in [info.name for info in Warehouse(city.warehouse_dir).snapshots()]
    events = [event.what for event in Ledger(city.ledger_url).audit_events()]
    assert "snapshot.pinned" in events and "snapshot.unpinned" in events
    assert main(["snapshots", "--pin", "2020-01-01T000000Z-0099", "--city", str(city.city)], {}) != 0
    capsys.readouterr()


def test_e7_a_run_that_finds_the_ledger_locked_is_refused_and_changes_nothing(city: Settings) -> None:
    before = _night(city, 0).snapshot
    ledger = Ledger(city.ledger_url, lock_wait_ms=200)
    with Ledger(city.ledger_url)._writing():
        with pytest.raises(IsekError) as caught:
            refresh_with(city, ledger)
        assert caught.value.code == "ledger_busy"
        assert snapshot(city).name == before
    assert refresh_with(city, ledger).state == "published"


def refresh_with(city: Settings, ledger: Ledger) -> RunRecord:
    return run_refresh(city, ledger, Request(DAY), now=lambda: NOON)


@pytest.mark.parametrize("command", [["serve", "--port", "8099"], ["schedule"], ["refresh"]])
def test_e8_with_a_damaged_ledger_nothing_starts_and_the_way_back_is_named(
    city: Settings, command: list[str]
) -> None:
    _night(city, 0)
    for path in city.var.glob("ledger.sqlite-*"):
        path.unlink()
    path = city.var / "ledger.sqlite"
    path.write_bytes(path.read_bytes()[:50] + os.urandom(path.stat().st_size - 50))
    done = subprocess.run(
        [sys.executable, "-m", "dashboard", *command, "--city", str(city.city)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "beschädigt" in done.stderr and "isek restore" in done.stderr and "Traceback" not in done.stderr


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of 160 MB of its own; needs root."""
    folder = Path("/tmp") / f"isek-disk-{os.getpid()}"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=160m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        folder.rmdir()
        pytest.skip("mounting a small disk needs root")
    try:
        yield folder
    finally:
        # A file may still be mapped by a reader of this process.
        subprocess.run(["umount", "-l", str(folder)], check=True)
        folder.rmdir()


STAGES = ("S1", "S2", "S5", "S6", "S7", "S8")


def test_e1_a_disk_that_fills_up_at_any_stage_keeps_the_old_snapshot_and_works_again_when_freed(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_city(small_disk)
    with (small_disk / "portal.toml").open("a", encoding="utf-8") as file:
        file.write("[stores]\npreflight_factor = 0\n")
    city = load_settings(small_disk, {})
    write_appointments(small_disk, 2000)
    assert refresh(city).state == "published"
    ended: dict[str, str] = {}
    for number, stage in enumerate(STAGES, start=1):
        write_appointments(small_disk, 2000 + number)
        before = snapshot(city).name
        monkeypatch.setattr(RunRecord, "step", _filling_at(stage, small_disk))
        record = refresh(city)
        monkeypatch.undo()
        ended[stage] = _ended_at(record)
        reasons = [record.reason, *(line.reason for line in record.sources)]
        assert ended[stage] == "-" or "Speicherplatz" in str(reasons)
        assert "Errno" not in str(record.reason), "a sentence for people"
        assert (snapshot(city).name == before) is (record.state == "failed")
        assert snapshot(city).query("SELECT count(*) >= 2000 FROM core.appointment") == [(True,)]
        (small_disk / "ballast").unlink()
        assert not list((city.warehouse_dir / "draft").glob("*.duckdb")), "what was begun is cleared away"
        assert refresh(city).state == "published"
        assert (count(city, "core.appointment"), count(city, 'stage."case"')) == (2000 + number, 20)
    assert set(ended.values()) >= {"S1", "S5", "S6", "S8"}, ended
    assert Warehouse(city.warehouse_dir).verify() == []


def _filling_at(stage: str, disk: Path) -> Callable[..., AbstractContextManager[None]]:
    """The timing of stages, with a disk that is full from the beginning of one of them."""
    real = RunRecord.step

    @contextmanager
    def step(record: RunRecord, name: str, title: str) -> Iterator[None]:
        with real(record, name, title):
            if name == stage:
                _fill(disk, 0)
            yield

    return step


def _ended_at(record: RunRecord) -> str:
    """Stage at which a run failed, S2 where only sources did, „-“ when what was left of the disk sufficed."""
    failed = [step["stage"] for step in record.steps if step["state"] == "failed"]
    return failed[0] if failed else "S2" if any(line.reason for line in record.sources) else "-"


def _fill(folder: Path, room: int) -> None:
    """Leave only so many bytes free."""
    with (folder / "ballast").open("wb") as file:
        left = shutil.disk_usage(folder).free - room
        while left > 0:
            left -= file.write(bytes(min(left, MIB)))
