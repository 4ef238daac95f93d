"""A run gives way to the people in front of the portal when it has a process of its own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dashboard.__main__ import main
from tests.tiny_city import write_city


@pytest.mark.parametrize("own_process", [True, False])
def test_a_run_steps_back_in_its_own_process_and_nowhere_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own_process: bool
) -> None:
    write_city(tmp_path)
    steps: list[int] = []
    monkeypatch.setattr(os, "nice", steps.append)
    words = ["refresh", "--city", str(tmp_path), "--date", "2026-06-09"]
    monkeypatch.setattr("sys.argv", ["isek", *words])
    assert main(None if own_process else words) == 0
    assert steps == ([10] if own_process else [])
