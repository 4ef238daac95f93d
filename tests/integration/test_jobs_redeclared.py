"""Sources whose tables are declared anew: no old meaning goes on, nothing stays behind."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from tiny_city import DAY, NOON, WOHNGELD, count, line, refresh, snapshot, write_city

from dashboard.jobs.accounting import RunRecord
from dashboard.jobs.rebuild import run_rebuild
from dashboard.jobs.refresh import Request, run_refresh
from dashboard.settings import Settings
from warehouse.held import held_deliveries
from warehouse.ledger import Ledger

HEAD, _, TABLE = WOHNGELD.partition("[[table]]")
CASES = (
    "[[table]]"
    + TABLE.replace("FROM vorgang", "FROM vorgang WHERE changed_at >= :since AND changed_at < :until")
    + 'write = "merge"\ncursor = "changed_at"\nfirst_date = 2026-01-01\n'
)
POSTED = CASES.replace("channel, received_on", "'post' AS channel, received_on")
DATES = """
[[table]]
feeds = "appointment"
query = "SELECT case_id AS appointment_id, received_on AS on_date, channel AS title FROM vorgang"
"""


@pytest.fixture
def city(tmp_path: Path) -> Settings:
    settings = write_city(tmp_path)
    with sqlite3.connect(settings.city / "fachverfahren.sqlite") as con:
        con.execute("UPDATE vorgang SET changed_at = '2026-05-' || (10 + rowid) || ' 10:00:00'")
    con.close()
    return settings


def _night(city: Settings, number: int, *tables: str) -> RunRecord:
    (city.city / "sources/wohngeld.toml").write_text(HEAD + "".join(tables), encoding="utf-8")
    return refresh(city, day=DAY + timedelta(days=number), now=NOON + timedelta(days=number))


def _release(city: Settings, number: int) -> RunRecord:
    held = held_deliveries(snapshot(city))["wohngeld"]
    ledger = Ledger(city.ledger_url)
    ledger.note_release("wohngeld", held.run_id, held.delivery_hash, who="test")
    request = Request(DAY + timedelta(days=number), ["wohngeld"], release=True)
    return run_refresh(city, ledger, request, now=lambda: NOON + timedelta(days=number, hours=1))


def test_a_query_that_means_something_else_is_read_from_the_first_day(city: Settings) -> None:
    assert line(_night(city, 0, CASES), "wohngeld").read == 20
    assert line(_night(city, 1, CASES), "wohngeld").read == 1, "the cursor of the night before"
    held = line(_night(city, 2, POSTED), "wohngeld")
    assert (held.reason_code, held.read) == ("new_contract", 20)
    assert _release(city, 2).state == "published"
    rows = snapshot(city).query('SELECT channel, count(*) FROM stage."case" GROUP BY ALL')
    assert rows == [("post", 20)], "no row of the old meaning beside the new ones"
    assert line(_night(city, 3, POSTED), "wohngeld").read == 1


def test_a_table_that_takes_the_place_of_another_does_not_go_on_from_its_cursor(city: Settings) -> None:
    _night(city, 0, CASES)
    held = line(_night(city, 1, DATES, CASES), "wohngeld")
    assert (held.reason_code, held.read) == ("new_contract", 40)
    assert _release(city, 1).state == "published"
    assert line(_night(city, 2, DATES, CASES), "wohngeld").read == 21


def test_a_table_that_is_no_longer_declared_leaves_with_its_rows_and_is_told_once(city: Settings) -> None:
    _night(city, 0, CASES, DATES)
    assert count(city, "stage.appointment WHERE _source = 'wohngeld'") == 20
    record = _night(city, 1, CASES)
    assert line(record, "wohngeld").state == "aktuell"
    told = line(record, "wohngeld").remarks
    assert len(told) == 1 and "„appointment“" in told[0]
    assert count(city, "stage.appointment WHERE _source = 'wohngeld'") == 0
    assert count(city, "stage.appointment") == 10, "those of another source stay"
    assert count(city, 'stage."case"') == 20
    assert line(_night(city, 2, CASES), "wohngeld").remarks == ()
    found, _ = run_rebuild(city, Ledger(city.ledger_url))
    assert found is not None and found.equal


def test_a_source_that_fails_keeps_also_the_rows_of_a_table_that_is_no_longer_declared(
    city: Settings,
) -> None:
    _night(city, 0, CASES, DATES)
    (city.city / "fachverfahren.sqlite").unlink()
    assert line(_night(city, 1, CASES), "wohngeld").state == "fehlgeschlagen"
    assert count(city, "stage.appointment WHERE _source = 'wohngeld'") == 20
