"""Runs that people start from the page."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from dashboard.jobs import start
from dashboard.settings import Settings, load_settings
from warehouse.errors import RetriableError


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "portal.toml").write_text('name = "Webstadt"\nags = "01001000"\n', encoding="utf-8")
    return load_settings(tmp_path, {})


def test_many_clicks_at_once_start_one_process(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    command = (sys.executable, "-c", "import sys; sys.stdin.read(); import time; time.sleep(30)")
    monkeypatch.setattr(start, "refresh_command", lambda _: command)
    before = len(start._children)
    start.start_refresh(settings, {})
    child = start._children[-1]
    try:
        for _ in range(5):
            with pytest.raises(RetriableError) as caught:
                start.start_refresh(settings, {})
            assert caught.value.code == "already_running"
        assert len(start._children) == before + 1
    finally:
        child.kill()
        child.wait()
    assert _starts_again(settings)


def _starts_again(settings: Settings) -> bool:
    for _ in range(1200):
        try:
            start.start_refresh(settings, {})
        except RetriableError:
            time.sleep(0.05)
        else:
            start._children[-1].kill()
            return True
    return False
