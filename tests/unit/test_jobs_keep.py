"""What a run tidies up: deliveries after their time, never the last ones of a source."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from dashboard.jobs.keep import prune_landing

NOW = datetime(2026, 6, 9, 1, 15, tzinfo=UTC)


def _deliver(folder: Path, source: str, days_ago: int) -> str:
    run = f"{NOW - timedelta(days=days_ago):%Y%m%dT%H%M%SZ}-ab12"
    (folder / source / run / "1").mkdir(parents=True)
    return run


def test_deliveries_leave_after_their_days_but_the_last_two_of_a_source_stay(tmp_path: Path) -> None:
    nightly = [_deliver(tmp_path, "bau", days) for days in range(40)]
    yearly = [_deliver(tmp_path, "haushalt", days) for days in (10, 400, 800)]
    removed = prune_landing(tmp_path, before=NOW - timedelta(days=35))
    assert {path.name for path in removed if path.parent.name == "bau"} == set(nightly[36:])
    assert [path.name for path in removed if path.parent.name == "haushalt"] == [yearly[2]]
    assert len(list((tmp_path / "bau").iterdir())) == 36


def test_a_city_without_deliveries_is_tidy(tmp_path: Path) -> None:
    assert prune_landing(tmp_path / "none", before=NOW) == []
