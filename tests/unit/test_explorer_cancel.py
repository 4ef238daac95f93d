"""„Abbrechen“ ends what runs, from any thread or process, and nothing else."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dashboard.explorer import cancel as cancelling
from dashboard.explorer.cancel import cancel, key_of, running
from tests.warehouse_parts import publish_city
from warehouse.errors import RetriableError
from warehouse.publish import Warehouse
from warehouse.stopping import go_on, stop_reason
from warehouse.store import Snapshot, SnapshotReader

ROOT = Path(__file__).resolve().parents[2]
ENDLESS = "SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range <> b.range"
KEY = key_of("hash-of-a-session", "/explorer", {"daten": "liste:services"})
ELSEWHERE = """
import sys
from pathlib import Path
from dashboard.explorer.cancel import cancel
cancel(Path(sys.argv[1]), sys.argv[2])
"""


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    warehouse = Warehouse(tmp_path_factory.mktemp("stand") / "warehouse")
    publish_city(warehouse)
    return SnapshotReader(warehouse.folder, memory_limit="128MB").current()


def ask(snapshot: Snapshot, run_dir: Path, key: str, begun: threading.Event) -> str:
    """Run a question without end; return why it ended."""
    with running(run_dir, key), pytest.raises(RetriableError) as caught:
        begun.set()
        snapshot.query(ENDLESS, timeout_s=120)
    return caught.value.code


def test_a_question_is_cancelled_from_another_process_and_the_reader_keeps_working(
    snapshot: Snapshot, tmp_path: Path
) -> None:
    begun, fine = threading.Event(), []
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(ask, snapshot, tmp_path, KEY, begun)
        assert begun.wait(60)
        fine += snapshot.query("SELECT count(*) FROM core.thing")
        subprocess.run([sys.executable, "-c", ELSEWHERE, str(tmp_path), KEY], cwd=ROOT, check=True)
        assert asked.result(60) == "query_cancelled"
    assert fine == snapshot.query("SELECT count(*) FROM core.thing")
    assert list(map(tuple, snapshot.rows("SELECT 1 AS one"))) == [("one",)]


def test_only_the_question_that_is_meant_is_cancelled(snapshot: Snapshot, tmp_path: Path) -> None:
    other, both = key_of("hash-of-another", "/explorer", {"daten": "liste:services"}), threading.Event()
    with ThreadPoolExecutor(2) as pool:
        mine, theirs = (pool.submit(ask, snapshot, tmp_path, key, both) for key in (KEY, other))
        assert both.wait(60)
        time.sleep(0.1)
        cancel(tmp_path, KEY)
        assert mine.result(60) == "query_cancelled" and not theirs.done()
        cancel(tmp_path, other)
        assert theirs.result(60) == "query_cancelled"


def test_after_it_was_cancelled_nothing_more_is_read_and_asking_again_begins_anew(
    snapshot: Snapshot, tmp_path: Path
) -> None:
    cancel(tmp_path, KEY)
    with running(tmp_path, KEY):
        go_on()
        assert snapshot.query("SELECT 41 + 1") == [(42,)], "an earlier wish is not meant for this question"
        cancel(tmp_path, KEY)
        with pytest.raises(RetriableError) as caught:
            snapshot.query("SELECT 43")
        (tmp_path / cancelling.FOLDER / KEY).unlink()
        assert caught.value.code == "query_cancelled" and stop_reason() is not None, "for good"
    assert stop_reason() is None
    assert snapshot.query("SELECT 43") == [(43,)]


def test_keys_tell_sessions_pages_and_questions_apart() -> None:
    keys = [
        key_of(session, path, params)
        for session in ("a", "b")
        for path in ("/explorer", "/mein-cockpit")
        for params in ({}, {"x": "1"}, {"x": "1", "y": "2"}, {"x": "2"})
    ]
    assert len(set(keys)) == len(keys)
    assert key_of("a", "/explorer/", {"y": "2", "x": "1"}) == key_of("a", "/explorer", {"x": "1", "y": "2"})


def test_wishes_do_not_pile_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cancelling, "AT_MOST", 3)
    for number in range(10):
        cancel(tmp_path, f"key-{number}")
    folder = tmp_path / cancelling.FOLDER
    assert len(list(folder.iterdir())) == 3 and folder.stat().st_mode & 0o077 == 0
    monkeypatch.setattr(cancelling, "KEPT_S", -1.0)
    cancel(tmp_path, "later")
    assert [mark.name for mark in folder.iterdir()] == ["later"]


def test_without_a_place_for_the_wish_the_question_runs_to_its_end(tmp_path: Path) -> None:
    blocked = tmp_path / "run"
    blocked.write_text("no folder")
    cancel(blocked, KEY)
    with running(blocked, KEY):
        assert stop_reason() is None
