"""What the night stores is for the portal's own user only."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from tiny_city import write_city

from dashboard.__main__ import main


def test_k12_deliveries_snapshots_and_ledger_are_readable_by_nobody_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    city = write_city(tmp_path / "stadt")
    before = os.umask(0o022)
    try:
        assert main(["refresh", "--date", "2026-06-09", "--city", str(city.city)], {}) == 0
    finally:
        os.umask(before)
    stored = [path for path in city.var.rglob("*") if path.suffix in (".parquet", ".duckdb", ".sqlite")]
    assert {path.suffix for path in stored} == {".parquet", ".duckdb", ".sqlite"}
    open_to_others = [path.name for path in stored if stat.S_IMODE(path.stat().st_mode) & 0o077]
    assert open_to_others == [], capsys.readouterr().out
