"""What a run tidies up: deliveries after their time, never the last ones of a source."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dashboard.jobs.keep import clear_temporary, prune_landing

NOW = datetime(2026, 6, 9, 1, 15, tzinfo=UTC)


def _deliver(folder: Path, source: str, days_ago: int) -> str:
    run = f"{NOW - timedelta(days=days_ago):%Y%m%dT%H%M%SZ}-ab12"
    (folder / source / run / "1").mkdir(parents=True)
    return run


def test_deliveries_leave_after_their_days_but_the_last_two_of_a_source_stay(tmp_path: Path) -> None:
    nightly = [_deliver(tmp_path, "bau", days) for days in range(40)]
    yearly = [_deliver(tmp_path, "haushalt", days) for days in (10, 400, 800)]
    removed = prune_landing(tmp_path, before=NOW - timedelta(days=35), declared={"bau", "haushalt"})
    assert {path.name for path in removed if path.parent.name == "bau"} == set(nightly[36:])
    assert [path.name for path in removed if path.parent.name == "haushalt"] == [yearly[2]]
    assert len(list((tmp_path / "bau").iterdir())) == 36


def test_a_city_without_deliveries_is_tidy(tmp_path: Path) -> None:
    assert prune_landing(tmp_path / "none", before=NOW, declared=()) == []


def test_what_a_killed_source_had_fetched_goes_with_the_next_night(tmp_path: Path) -> None:
    gone, here = "999999999", str(os.getpid())
    for name in (gone, f"isek-{gone}-abc", f"isek-{here}-abc", here, "isek-notes"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "1.xml").write_text("x")
    (tmp_path / f"isek-{gone}-def").write_text("x")
    clear_temporary(tmp_path)
    assert {entry.name for entry in tmp_path.iterdir()} == {f"isek-{here}-abc", here, "isek-notes"}


def test_a1_what_a_killed_run_had_spilled_does_not_lie_on_the_disk_until_a_night_succeeds(
    tmp_path: Path,
) -> None:
    (tmp_path / "draft").mkdir()
    (tmp_path / "draft" / "duckdb_temp_storage_DEFAULT-0.tmp").write_bytes(bytes(4096))
    clear_temporary(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_k11_a_source_without_a_file_keeps_no_delivery_beyond_its_days(tmp_path: Path) -> None:
    for source in ("bau", "weg"):
        for days in (10, 40, 400):
            _deliver(tmp_path, source, days)
    prune_landing(tmp_path, before=NOW - timedelta(days=35), declared={"bau"})
    assert [len(list((tmp_path / source).iterdir())) for source in ("bau", "weg")] == [2, 1]
    prune_landing(tmp_path, before=NOW, declared={"bau"})
    assert not (tmp_path / "weg").exists(), "nothing is left of it, not even its name"
