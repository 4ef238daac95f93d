"""Workers follow the pointer by themselves: whoever comes first does not wait for the first drawing."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from dashboard import wsgi
from dashboard.app import WARMER, Warmer
from dashboard.settings import Settings
from tests.tiny_city import refresh, snapshot, write_city


@pytest.fixture
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    city = write_city(tmp_path)
    monkeypatch.setenv("ISEK_CITY", str(tmp_path))
    return city


def test_a_worker_fills_its_pages_before_anybody_asks_and_again_after_a_publication(
    city: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled: list[str] = []
    monkeypatch.setattr(Warmer, "fill", lambda self: filled.append(self._noticed))
    refresh(city)
    first = snapshot(city).name
    warmer = wsgi.make_server().extensions[WARMER]
    _wait_for(lambda: filled == [first])
    warmer.watch(0.05)
    refresh(city)
    second = snapshot(city).name
    _wait_for(lambda: filled == [first, second])


def _wait_for(condition: object) -> None:
    deadline = time.monotonic() + 60
    while not condition() and time.monotonic() < deadline:  # type: ignore[operator]
        time.sleep(0.02)
    assert condition()  # type: ignore[operator]
