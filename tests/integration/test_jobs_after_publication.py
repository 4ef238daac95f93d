"""What goes wrong after the pointer moved is told as what it is: the new snapshot counts."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest
from tiny_city import refresh, snapshot, write_city

from dashboard.jobs.interruption import Interrupted
from dashboard.settings import Settings
from warehouse.ledger import Ledger


@pytest.fixture
def city(tmp_path: Path) -> Settings:
    return write_city(tmp_path)


def _raising(error: BaseException) -> Callable[..., list[Path]]:
    def prune(*_: object, **__: object) -> list[Path]:
        raise error

    return prune


def test_a_disk_that_refuses_the_tidying_does_not_undo_a_publication(
    city: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.jobs.refresh.prune_landing", _raising(OSError(errno.EROFS, "read-only")))
    record = refresh(city)
    assert (record.state, record.snapshot) == ("published", snapshot(city).name)
    assert "nicht beschreibbar" in str(record.reason) and "veröffentlicht" in str(record.reason)
    assert [condition.topic for condition in Ledger(city.ledger_url).conditions()] == []


def test_a5_a_signal_after_the_pointer_moved_leaves_a_published_run(
    city: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.jobs.refresh.prune_landing", _raising(Interrupted()))
    record = refresh(city)
    assert (record.state, record.snapshot) == ("published", snapshot(city).name)
    assert "veröffentlicht wurde nichts" not in str(record.reason)
    (run,) = Ledger(city.ledger_url).runs()
    assert (run.state, run.snapshot) == ("published", record.snapshot)
