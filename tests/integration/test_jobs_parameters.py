"""Parameters of a town in the night: they stand in the snapshot with their source; a faulty file stops it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from tiny_city import DAY, NOON, refresh, snapshot, write_city

from dashboard.__main__ import main
from dashboard.jobs.rebuild import run_rebuild
from dashboard.settings import Settings
from warehouse.ledger import Ledger

TEXT = '[km_per_trip]\nvalues = [{ value = 7.5, valid_from = 2021-01-01, source = "Annahme 2021" }]\n'


@pytest.fixture
def city(tmp_path: Path) -> Settings:
    settings = write_city(tmp_path / "stadt")
    (settings.city / "parameters.toml").write_text(TEXT, encoding="utf-8")
    return settings


def test_the_snapshot_carries_the_parameter_with_its_day_and_source(city: Settings) -> None:
    assert refresh(city).state == "published"
    rows = snapshot(city).query(
        "SELECT amount, valid_from, source FROM core.parameter WHERE parameter_id = 'km_per_trip'"
    )
    assert rows == [(Decimal("7.5"), date(2021, 1, 1), "Annahme 2021")]


def test_a_rebuild_uses_the_parameters_of_the_town_and_gives_the_same_content(city: Settings) -> None:
    refresh(city)
    found, _ = run_rebuild(city, Ledger(city.ledger_url), publish=False, now=lambda: NOON + timedelta(days=1))
    assert found is not None and found.equal


def test_another_parameter_makes_another_definition_hash(city: Settings) -> None:
    refresh(city)
    first = snapshot(city).query("SELECT definition_hash FROM meta.snapshot")
    (city.city / "parameters.toml").write_text(TEXT.replace("7.5", "8.5"), encoding="utf-8")
    refresh(city, day=DAY + timedelta(days=1), now=NOON + timedelta(days=1))
    assert snapshot(city).query("SELECT definition_hash FROM meta.snapshot") != first


def test_a_parameter_without_source_stops_the_night_and_the_last_snapshot_stays(
    city: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    refresh(city)
    before = snapshot(city).name
    (city.city / "parameters.toml").write_text(
        TEXT.replace(', source = "Annahme 2021"', ""), encoding="utf-8"
    )
    assert main(["check", "--city", str(city.city)], {}) == 1
    out = capsys.readouterr().out
    assert "parameters.toml:2" in out and "source" in out
    record = refresh(city, day=DAY + timedelta(days=1), now=NOON + timedelta(days=1))
    assert record.state == "failed" and "source" in str(record.reason)
    assert snapshot(city).name == before
