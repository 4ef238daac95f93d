"""Many sources break in one night: the others are published as if nothing had happened, byte for byte."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from tiny_city import NOON

from dashboard.jobs.accounting import RunRecord
from dashboard.jobs.refresh import Request, run_refresh
from dashboard.settings import Settings, load_settings
from tests.many_sources import (
    break_sources,
    business_day,
    copy_city,
    deliver,
    fingerprints,
    source_names,
    write_many,
)
from warehouse.ledger import Ledger
from warehouse.store import Snapshot, SnapshotReader


def _run(folder: Path, night: int) -> tuple[RunRecord, Snapshot, Settings]:
    city = load_settings(folder, {})
    now = NOON + timedelta(days=night)
    record = run_refresh(city, Ledger(city.ledger_url), Request(business_day(night)), now=lambda: now)
    return record, SnapshotReader(city.warehouse_dir, temp_directory=city.temp_dir).current(), city


class Town:
    """A city after its first night, once as it goes on undisturbed and ready to be broken."""

    def __init__(self, folder: Path, count: int) -> None:
        self.folder, self.names = folder, source_names(count)
        write_many(folder / "city", self.names)
        first, snapshot, _ = _run(folder / "city", 0)
        assert first.state == "published"
        assert [line for line in first.sources if line.state != "aktuell"] == []
        self.before = fingerprints(snapshot, self.names)
        copy_city(folder / "city", folder / "calm")
        deliver(folder / "calm", self.names, night=1)
        calm, snapshot, _ = _run(folder / "calm", 1)
        assert [line for line in calm.sources if line.state != "aktuell"] == []
        self.undisturbed = fingerprints(snapshot, self.names)

    def suffer(self, seed: int, faults: int) -> None:
        """One night with so many random faults, held against the undisturbed one."""
        place = copy_city(self.folder / "city", self.folder / f"seed-{seed}")
        deliver(place, self.names, night=1)
        broken = break_sources(place, self.names, faults, seed)
        record, snapshot, city = _run(place, 1)
        assert record.state == "published"
        self._others_are_as_if_nothing_had_happened(snapshot, broken)
        self._broken_ones_keep_their_last_good_slice_and_say_why(record, snapshot, broken)
        assert Ledger(city.ledger_url).runs()[0].snapshot == snapshot.name

    def _others_are_as_if_nothing_had_happened(self, snapshot: Snapshot, broken: list[str]) -> None:
        others = [name for name in self.names if name not in broken]
        found = fingerprints(snapshot, others)
        assert [name for name in others if found[name] != self.undisturbed[name]] == []
        assert all(self.undisturbed[name] != self.before[name] for name in others), "the night brought news"

    def _broken_ones_keep_their_last_good_slice_and_say_why(
        self, record: RunRecord, snapshot: Snapshot, broken: list[str]
    ) -> None:
        lines = {line.source: line for line in record.sources}
        marked = [name for name, line in lines.items() if line.state != "aktuell"]
        assert sorted(marked) == sorted(broken)
        for name in broken:
            reason = str(lines[name].reason)
            assert lines[name].reason_code and len(reason) > 10 and "Traceback" not in reason, name
        told = dict(snapshot.query("SELECT source, published FROM meta.source WHERE reason IS NOT NULL"))
        assert sorted(told) == sorted(broken) and all(told.values()), "the last good slice is still shown"
        print(Counter(lines[name].reason_code for name in broken))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return Town(tmp_path_factory.mktemp("many"), 50)


@pytest.mark.parametrize("seed", [1, 2])
def test_b14_ten_of_fifty_sources_break_and_forty_do_not_notice(town: Town, seed: int) -> None:
    town.suffer(seed, faults=10)


@pytest.fixture(scope="module")
def large_town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return Town(tmp_path_factory.mktemp("large"), 250)


@pytest.mark.night
@pytest.mark.parametrize("seed", range(100, 120))
def test_b14_fifty_of_two_hundred_and_fifty_sources_break_and_two_hundred_do_not_notice(
    large_town: Town, seed: int
) -> None:
    large_town.suffer(seed, faults=50)
