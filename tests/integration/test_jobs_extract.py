"""Whatever a source does to its process, the run survives and the source alone is marked."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from connectors.base import Context, NoConnection, SourceSpec
from connectors.land import Landed
from dashboard.jobs.extract import Order, _process_context, extract


def _behave(pipe: Connection, order: Order) -> None:
    """A reading process that does what the name of its source says."""
    name = order.spec.id
    if name == "exits":
        sys.exit(7)
    if name == "dies":
        os._exit(9)
    if name == "hangs":
        time.sleep(60)
    if name == "raises":
        raise RuntimeError("boom")
    if name == "chatters":
        pipe.send("nonsense")
        return
    pipe.send(Landed(name))


def _order(name: str, folder: Path) -> Order:
    spec = SourceSpec(
        id=name, title=name, owner="x", kind="files", nature="echt", connection=NoConnection(), tables=()
    )
    return Order(spec, Context(folder, datetime(2026, 6, 9, tzinfo=UTC)), {}, {}, folder, "run")


def test_a_city_in_a_deep_folder_is_read_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = tmp_path / ("amt-fuer-organisation-und-digitalisierung/" * 3)
    deep.mkdir(parents=True)
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    assert _process_context().get_start_method() == "spawn"
    answers = extract([_order("good", tmp_path)], parallel=1, limit_s=20, target=_behave)
    assert answers["good"].landed.failure is None


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("exits", "crashed"),
        ("dies", "crashed"),
        ("raises", "crashed"),
        ("chatters", "crashed"),
        ("hangs", "source_timeout"),
    ],
)
def test_a_misbehaving_source_costs_only_itself(tmp_path: Path, name: str, code: str) -> None:
    orders = [_order(n, tmp_path) for n in ("good", name, "fine")]
    answers = extract(orders, parallel=2, limit_s=1.5, target=_behave)
    assert answers[name].landed.failure is not None
    assert answers[name].landed.failure.code == code
    assert answers["good"].landed.failure is None and answers["fine"].landed.failure is None


def test_no_more_processes_run_at_once_than_allowed(tmp_path: Path) -> None:
    began = time.monotonic()
    answers = extract(
        [_order("hangs", tmp_path), _order("good", tmp_path)], parallel=1, limit_s=1.0, target=_behave
    )
    assert time.monotonic() - began >= 1.0
    assert answers["good"].landed.failure is None


def test_a_hanging_source_does_not_delay_the_others_beyond_its_own_time(tmp_path: Path) -> None:
    finished: list[str] = []
    orders = [_order(n, tmp_path) for n in ("hangs", "good", "fine")]
    extract(orders, parallel=2, limit_s=2.0, target=_behave, done=lambda a: finished.append(a.landed.source))
    assert finished == ["good", "fine", "hangs"]
