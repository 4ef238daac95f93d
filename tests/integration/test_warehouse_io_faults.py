"""Every call to disk or database may fail: readers see the old snapshot or the new one, nothing else."""

from __future__ import annotations

import random
import shutil
from contextlib import suppress
from pathlib import Path

import duckdb
import pytest

from tests.io_faults import Faults, install
from tests.warehouse_parts import land_text, publish_city
from warehouse import pointer
from warehouse.errors import IsekError
from warehouse.landing import Delivery
from warehouse.publish import Warehouse
from warehouse.store import SnapshotReader

OLD, NEW, LATER = ["old-1", "old-2"], ["new-1", "new-2"], ["later-1"]
SAMPLE = 10
TOLD = (OSError, IsekError, duckdb.Error)


@pytest.fixture
def faults(monkeypatch: pytest.MonkeyPatch) -> Faults:
    return install(monkeypatch)


@pytest.fixture
def template(tmp_path: Path) -> Path:
    folder = tmp_path / "template"
    publish_city(Warehouse(folder), OLD)
    return folder


def _copy(template: Path, name: str) -> Warehouse:
    folder = template.with_name(name)
    shutil.copytree(template, folder, copy_function=shutil.copy2)
    return Warehouse(folder)


def _calls(template: Path, faults: Faults) -> int:
    """Number of calls of a clean publication."""
    warehouse = _copy(template, "clean")
    with faults.failing(0, lasting=False):
        publish_city(warehouse, NEW)
    return faults.calls


def _rows(warehouse: Warehouse) -> list[str]:
    reader = SnapshotReader(warehouse.folder, memory_limit="128MB")
    return [row[0] for row in reader.current().query("SELECT nr FROM core.thing ORDER BY nr")]


def _break(template: Path, faults: Faults, number: int, lasting: bool) -> str:
    """Publish with a fault at one call; returns what readers see then."""
    warehouse = _copy(template, f"{number}-{lasting}")
    before = pointer.read_pointer(warehouse.folder)
    with faults.failing(number, lasting=lasting):
        try:
            name = publish_city(warehouse, NEW)
        except TOLD:
            name = None
    seen = _rows(warehouse)
    assert seen in (OLD, NEW), f"call {number}: {seen}"
    if name is not None:
        assert pointer.read_pointer(warehouse.folder) == name and seen == NEW, "said to be published"
    assert pointer.is_intact(warehouse.folder, str(pointer.read_pointer(warehouse.folder)))
    _leaves_little(warehouse, {before, pointer.read_pointer(warehouse.folder)})
    publish_city(warehouse, LATER)
    assert _rows(warehouse) == LATER, "the next one needs no hand"
    assert list((warehouse.folder / "draft").iterdir()) == []
    return "new" if seen == NEW else "old"


def _leaves_little(warehouse: Warehouse, known: set[str | None]) -> None:
    """At most one file beside the snapshots that count: the draft, or what was nearly a snapshot."""
    strays = [name for name in pointer.snapshot_names(warehouse.folder) if name not in known]
    drafts = list((warehouse.folder / "draft").glob("*.duckdb"))
    assert len(strays) + len(drafts) <= 1, (strays, drafts)


def _walk(template: Path, faults: Faults, numbers: list[int]) -> None:
    seen = {_break(template, faults, n, lasting) for n in numbers for lasting in (False, True)}
    assert seen == {"old", "new"}, "faults before and after the moment the pointer moves"


def test_a3_a_call_that_fails_while_publishing_shows_the_old_or_the_new(
    template: Path, faults: Faults
) -> None:
    total = _calls(template, faults)
    assert total > 60
    chosen = random.Random(20260609).sample(range(1, total - 4), SAMPLE)
    # The last calls are those around the pointer.
    _walk(template, faults, sorted({*chosen, *range(total - 4, total + 1)}))


@pytest.mark.night
def test_a3_every_call_that_fails_while_publishing_shows_the_old_or_the_new(
    template: Path, faults: Faults
) -> None:
    _walk(template, faults, list(range(1, _calls(template, faults) + 1)))


def _land(folder: Path, run_id: str = "run-1") -> Delivery:
    return land_text(folder, {"nr": "1"}, {"nr": "2", "on_date": "31.02.2026"}, run_id=run_id)


@pytest.mark.parametrize("lasting", [False, True])
def test_a3_every_call_that_fails_while_landing_leaves_a_whole_delivery_or_none(
    tmp_path: Path, faults: Faults, lasting: bool
) -> None:
    with faults.failing(0, lasting=False):
        _land(tmp_path / "clean")
    whole, total = 0, faults.calls
    for number in range(1, total + 1):
        folder = tmp_path / str(number)
        with faults.failing(number, lasting=lasting), suppress(TOLD):
            _land(folder)
        place = folder / "lager/run-1/1"
        if place.exists():
            assert Delivery.load(place).read == 2
            whole += 1
        again = _land(folder)
        assert (again.accepted, again.rejected) == (1, 1)
        assert [path.name for path in place.parent.iterdir()] == ["1"], "nothing is left beside it"
    assert total > 20 and whole < total
