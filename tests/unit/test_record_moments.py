"""Moments in lists of records are told in the time of the city, wherever the server stands."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

import pytest

from dashboard.cockpits.datensaetze import cell_words
from dashboard.cockpits.einheiten import Units
from metrics.recordlist import RecordColumn

COLUMN = RecordColumn(label="Stand", type="timestamp")
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture(params=["UTC", "Europe/Berlin", "America/New_York"])
def server_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The zone of the machine."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("server_zone")
@pytest.mark.parametrize("zone", [None, UTC])
def test_a_moment_is_told_in_the_time_of_the_city(zone: tzinfo | None) -> None:
    moment = datetime(2026, 6, 9, 1, 15, tzinfo=zone)
    assert "03:15" in cell_words(COLUMN, moment, Units({}, {}, {}, {}), BERLIN)
