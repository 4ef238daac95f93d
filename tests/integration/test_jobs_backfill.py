"""Filling in the past piece by piece, and what late rows do to months that were over."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from tiny_city import DAY, NOON, WOHNGELD, count, line, snapshot, state, write_city
from tiny_city import refresh as plain_refresh

from dashboard.jobs.accounting import RunRecord
from dashboard.jobs.backfill import JOURNAL, Backfill, pieces_of
from dashboard.jobs.refresh import Request, run_refresh
from dashboard.settings import Settings
from warehouse.changes import Change, changes
from warehouse.ledger import Ledger

CASES = WOHNGELD.replace(
    "FROM vorgang", "FROM vorgang WHERE changed_at >= :since AND changed_at < :until"
) + (
    'write = "merge"\ncursor = "changed_at"\nfirst_date = 2026-06-01\n'
    'deleted_when = { column = "weg", equals = "ja" }\n'
)
CASES = CASES.replace("changed_at FROM", "changed_at, weg FROM")
FIRST, LAST = date(2024, 1, 1), date(2025, 12, 31)


@pytest.fixture
def city(tmp_path: Path) -> Settings:
    settings = write_city(tmp_path)
    (settings.city / "sources/wohngeld.toml").write_text(CASES, encoding="utf-8")
    months = [date(2024 + n // 12, n % 12 + 1, 10) for n in range(24)]
    past = [(f"M{day:%Y%m}-{n}", day) for day in months for n in range(3)]
    _write(settings, [*past, ("now", date(2026, 6, 5))])
    return settings


def _write(city: Settings, cases: Sequence[tuple[str, date]]) -> None:
    with sqlite3.connect(city.city / "fachverfahren.sqlite") as con:
        con.execute("DROP TABLE IF EXISTS vorgang")
        con.execute(
            "CREATE TABLE vorgang (procedure TEXT, case_id TEXT, org_unit_id TEXT, channel TEXT,"
            " received_on TEXT, decided_on TEXT, changed_at TEXT, weg TEXT)"
        )
        con.executemany(
            "INSERT INTO vorgang VALUES ('wohngeld', ?, 'FD50', 'online', ?, NULL, ?, '')",
            [(key, day.isoformat(), f"{day} 10:00:00") for key, day in cases],
        )
    con.close()


def _change(city: Settings, sql: str) -> None:
    with sqlite3.connect(city.city / "fachverfahren.sqlite") as con:
        con.execute(sql)
    con.close()


def _backfill(city: Settings, first: date = FIRST, last: date = LAST) -> RunRecord:
    request = Request(DAY, ["wohngeld"], backfill=(first, last))
    return run_refresh(city, Ledger(city.ledger_url), request, now=lambda: NOON)


def _tomorrow(city: Settings, nights: int = 1) -> RunRecord:
    return plain_refresh(city, day=DAY + timedelta(days=nights), now=NOON + timedelta(days=nights))


def _journal(city: Settings) -> Path:
    return city.landing_dir / "wohngeld" / JOURNAL


@pytest.mark.parametrize(
    ("first", "last", "step", "expected"),
    [
        (date(2026, 1, 15), date(2026, 3, 1), "month", ["15.01-01.02", "01.02-01.03", "01.03-02.03"]),
        (date(2025, 12, 31), date(2026, 1, 1), "year", ["31.12-01.01", "01.01-02.01"]),
        (date(2026, 6, 6), date(2026, 6, 9), "week", ["06.06-08.06", "08.06-10.06"]),
        (date(2024, 2, 28), date(2024, 3, 1), "day", ["28.02-29.02", "29.02-01.03", "01.03-02.03"]),
    ],
)
def test_days_are_cut_at_the_calendar_without_gap_or_overlap(
    first: date, last: date, step: str, expected: list[str]
) -> None:
    assert [f"{p.first:%d.%m}-{p.end:%d.%m}" for p in pieces_of(first, last, step)] == expected


def test_a8_a_backfill_fills_in_the_past_and_leaves_present_and_cursor_alone(city: Settings) -> None:
    plain_refresh(city)
    assert count(city, 'stage."case"') == 1
    before = snapshot(city).query("SELECT cursor_value FROM meta.cursor"), state(city, "wohngeld")
    record = _backfill(city)
    assert record.state == "published", record.reason
    wohngeld = line(record, "wohngeld")
    assert (wohngeld.state, wohngeld.read, wohngeld.published) == ("aktuell", 72, 72)
    assert count(city, 'stage."case"') == 73
    assert (snapshot(city).query("SELECT cursor_value FROM meta.cursor"), state(city, "wohngeld")) == before
    loads = snapshot(city).query("SELECT count(*) FROM meta.load WHERE state = 'nachgeladen' AND read = 3")
    assert loads == [(24,)]
    assert not _journal(city).exists()


def test_a8_killed_half_way_completed_months_stay_and_the_rest_resumes(city: Settings) -> None:
    plain_refresh(city)
    published = snapshot(city).name
    command = [sys.executable, "-m", "dashboard", "refresh", "--city", str(city.city)]
    command += ["--only", "wohngeld", "--backfill", str(FIRST), str(LAST)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while len(_done(city)) < 6 and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    done = _done(city)
    assert 6 <= len(done) < 24
    assert (snapshot(city).name, count(city, 'stage."case"')) == (published, 1), "nothing changes before"
    landed = {path.name for path in (city.landing_dir / "wohngeld").iterdir()}
    # Months that are there are not read again: the source has forgotten them.
    _change(city, "DELETE FROM vorgang WHERE case_id LIKE 'M202401%' OR case_id LIKE 'M202402%'")
    record = _backfill(city)
    assert record.state == "published", record.reason
    assert count(city, 'stage."case"') == 73
    assert landed <= {path.name for path in (city.landing_dir / "wohngeld").iterdir()} | {JOURNAL}


def _done(city: Settings) -> list[str]:
    try:
        return list(json.loads(_journal(city).read_text(encoding="utf-8"))["done"])
    except (OSError, ValueError):
        return []


def test_a_backfill_that_finds_the_source_down_keeps_what_landed_and_says_how_to_go_on(
    city: Settings,
) -> None:
    plain_refresh(city)
    path = city.city / "fachverfahren.sqlite"
    path.rename(city.city / "weg.sqlite")
    record = _backfill(city)
    assert record.state == "failed"
    assert "ab 01.01.2024 stehen" in str(record.reason) and "0 von 24 Abschnitten" in str(record.reason)
    (city.city / "weg.sqlite").rename(path)
    _change(city, "UPDATE vorgang SET channel = 'fax' WHERE case_id = 'M202403-1'")
    stopped = _backfill(city)
    assert "ab 01.03.2024" in str(stopped.reason) and "2 von 24" in str(stopped.reason)
    assert len(_done(city)) == 2 and count(city, 'stage."case"') == 1
    assert any("2 Abschnitte liegen bereit" in note for note in _tomorrow(city).notes)
    _change(city, "UPDATE vorgang SET channel = 'post' WHERE case_id = 'M202403-1'")
    assert _backfill(city).state == "published"
    assert count(city, 'stage."case"') == 73


def test_a_backfill_of_other_days_begins_anew(city: Settings) -> None:
    plain_refresh(city)
    _change(city, "UPDATE vorgang SET channel = 'fax' WHERE case_id = 'M202403-1'")
    _backfill(city)
    assert len(_done(city)) == 2
    assert _backfill(city, date(2024, 5, 1), date(2024, 6, 30)).state == "published"
    assert count(city, 'stage."case"') == 7


def test_the_same_backfill_twice_gives_the_same_content(city: Settings) -> None:
    plain_refresh(city)
    _backfill(city)
    first = snapshot(city).content_hash
    assert _backfill(city).state == "published"
    assert snapshot(city).content_hash == first


def test_a_source_without_a_cursor_cannot_be_backfilled(city: Settings) -> None:
    plain_refresh(city)
    request = Request(DAY, ["termine"], backfill=(FIRST, LAST))
    record = run_refresh(city, Ledger(city.ledger_url), request, now=lambda: NOON)
    assert record.state == "failed" and "isek refresh --only termine" in str(record.reason)


def _log(city: Settings) -> list[tuple[str, str | None, str | None, str | None]]:
    found: tuple[Change, ...] = changes(snapshot(city), "wohngeld")
    return sorted((c.measure, f"{c.period:%Y-%m}" if c.period else None, c.before, c.after) for c in found)


def test_a9_late_rows_change_only_their_month_and_the_log_shows_old_and_new(city: Settings) -> None:
    plain_refresh(city)
    _backfill(city, date(2024, 1, 1), date(2024, 3, 31))
    before = dict(
        snapshot(city).query(
            "SELECT strftime(received_on, '%Y-%m'), count(*) FROM stage.\"case\" GROUP BY ALL"
        )
    )
    run = snapshot(city).query("SELECT run_id FROM meta.snapshot")[0][0]
    _change(
        city,
        "INSERT INTO vorgang VALUES"
        " ('wohngeld', 'late', 'FD50', 'post', '2024-02-11', NULL, '2026-06-09 11:00:00', '')",
    )
    _tomorrow(city)
    after = dict(
        snapshot(city).query(
            "SELECT strftime(received_on, '%Y-%m'), count(*) FROM stage.\"case\" GROUP BY ALL"
        )
    )
    assert {month for month in after if after[month] != before.get(month)} == {"2024-02"}
    late = [c for c in changes(snapshot(city), "wohngeld") if c.run_id != run]
    assert [(c.measure, c.period, c.before, c.after) for c in late] == [("rows", date(2024, 2, 1), "3", "4")]


def test_a9_a_changed_value_and_a_deletion_of_a_closed_month_are_logged(city: Settings) -> None:
    plain_refresh(city)
    _backfill(city, date(2024, 1, 1), date(2024, 3, 31))
    _change(
        city,
        "UPDATE vorgang SET channel = 'post', changed_at = '2026-06-09 11:00:00' WHERE case_id = 'M202401-0'",
    )
    _change(
        city, "UPDATE vorgang SET weg = 'ja', changed_at = '2026-06-09 12:00:00' WHERE case_id = 'M202403-2'"
    )
    known = len(_log(city))
    _tomorrow(city)
    log = _log(city)
    assert len(log) == known + 3
    assert ("rows", "2024-03", "3", "2") in log and ("deleted", "2024-03", None, "1") in log
    content = next(entry for entry in log if entry[:2] == ("content", "2024-01"))
    assert content[2] != content[3]
    assert count(city, 'stage."case"') == 9
    _tomorrow(city, 2)
    assert len(_log(city)) == known + 3, "the same again changes nothing"


def test_the_first_load_of_a_source_and_the_month_that_is_going_on_are_no_changes(city: Settings) -> None:
    plain_refresh(city)
    _change(
        city,
        "INSERT INTO vorgang VALUES"
        " ('wohngeld', 'new', 'FD50', 'post', '2026-06-09', NULL, '2026-06-09 11:00:00', '')",
    )
    _tomorrow(city)
    assert count(city, 'stage."case"') == 2
    assert _log(city) == []


def test_a8_a_piece_that_was_overtaken_by_a_night_does_not_bring_old_rows_back(city: Settings) -> None:
    plain_refresh(city)
    _change(city, "UPDATE vorgang SET channel = 'fax' WHERE case_id = 'M202403-1'")
    assert "2 von 24" in str(_backfill(city).reason)
    _change(
        city,
        "UPDATE vorgang SET channel = 'post', changed_at = '2026-06-09 11:00:00' WHERE case_id = 'M202401-0'",
    )
    _change(
        city, "UPDATE vorgang SET weg = 'ja', changed_at = '2026-06-09 12:00:00' WHERE case_id = 'M202401-1'"
    )
    assert line(_tomorrow(city), "wohngeld").published == 3
    _change(city, "UPDATE vorgang SET channel = 'post' WHERE case_id = 'M202403-1'")
    assert _backfill(city).state == "published"
    rows = snapshot(city).query(
        "SELECT case_id, channel FROM stage.\"case\" WHERE case_id LIKE 'M202401%' ORDER BY ALL"
    )
    assert rows == [("M202401-0", "post"), ("M202401-2", "online")], "the night knew better"
    assert count(city, 'stage."case"') == 72


def test_a8_killed_between_its_publication_and_its_end_a_backfill_is_ended_by_the_night(
    city: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain_refresh(city)
    with monkeypatch.context() as patch:
        patch.setattr(Backfill, "finish", lambda _: None)
        assert _backfill(city, date(2024, 1, 1), date(2024, 2, 29)).state == "published"
    assert _journal(city).exists()
    assert not [note for note in _tomorrow(city).notes if "Nachladen" in note]
    assert not _journal(city).exists() and count(city, 'stage."case"') == 7
