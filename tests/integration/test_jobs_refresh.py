"""One run from sources to snapshot: what breaks costs itself only, and everything is accounted for."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from tiny_city import (
    DAY,
    NOON,
    TERMINE,
    WOHNGELD,
    count,
    line,
    refresh,
    snapshot,
    state,
    write_appointments,
    write_cases,
    write_city,
    write_rows,
)

from dashboard.jobs.interruption import Interrupted
from dashboard.settings import Settings, load_settings
from warehouse.errors import ConfigError, RetriableError
from warehouse.ledger import Ledger
from warehouse.publish import Warehouse


@pytest.fixture
def city(tmp_path: Path) -> Settings:
    return write_city(tmp_path)


def test_a_run_publishes_all_sources_and_accounts_for_every_row(city: Settings) -> None:
    record = refresh(city)
    assert record.state == "published"
    assert {s.source: (s.read, s.published) for s in record.sources} == {
        "organisation": (2, 2),
        "termine": (10, 10),
        "wohngeld": (20, 20),
    }
    assert all(s.read == s.published + s.rejected + s.duplicates for s in record.sources)
    assert (count(city, "core.appointment"), count(city, 'stage."case"')) == (10, 20)
    assert snapshot(city).business_date == DAY


def test_the_ledger_keeps_a_copy_of_the_accounting(city: Settings) -> None:
    record = refresh(city)
    run = Ledger(city.ledger_url).runs()[0]
    assert (run.run_id, run.state, run.snapshot) == (record.run_id, "published", record.snapshot)
    assert {s["source"]: s["published"] for s in run.sources}["wohngeld"] == 20
    assert [s["stage"] for s in run.steps] == ["S1", "S2", "S5", "S6", "S7", "S8"]


def test_a4_the_same_business_date_three_times_gives_the_same_content_and_says_so(city: Settings) -> None:
    refresh(city)
    first = snapshot(city).content_hash
    records = [refresh(city), refresh(city)]
    assert snapshot(city).content_hash == first
    assert all(
        "schon veröffentlicht" in note and "gleich" in note
        for r in records
        for note in r.notes
        if "Geschäftstag" in note
    )
    assert all(any("Geschäftstag" in note for note in r.notes) for r in records)
    assert count(city, 'stage."case"') == 20


def test_a4_a_merged_source_read_twice_for_the_same_date_gives_the_same_content(city: Settings) -> None:
    text = WOHNGELD.replace("FROM vorgang", "FROM vorgang WHERE changed_at >= :since AND changed_at < :until")
    merged = text + 'write = "merge"\ncursor = "changed_at"\nfirst_date = 2026-01-01\nlag_days = 3\n'
    (city.city / "sources" / "wohngeld.toml").write_text(merged, encoding="utf-8")
    refresh(city)
    first = snapshot(city).content_hash
    record = refresh(city)
    assert line(record, "wohngeld").state == "aktuell"
    assert (snapshot(city).content_hash, count(city, 'stage."case"')) == (first, 20)


def test_a_source_that_is_down_keeps_its_last_good_slice_and_costs_no_other(city: Settings) -> None:
    refresh(city)
    (city.city / "fachverfahren.sqlite").rename(city.city / "weg.sqlite")
    write_appointments(city.city, 12)
    record = refresh(city)
    assert record.state == "published"
    assert line(record, "wohngeld").state == "fehlgeschlagen"
    assert state(city, "wohngeld")[0] == "fehlgeschlagen" and state(city, "wohngeld")[2] == 20
    assert (count(city, 'stage."case"'), count(city, "core.appointment")) == (20, 12)


def test_failed_nights_are_counted_once_a_day_until_a_good_one(city: Settings) -> None:
    def failures() -> int:
        return int(snapshot(city).query("SELECT failures FROM meta.source WHERE source = 'wohngeld'")[0][0])

    refresh(city)
    (city.city / "fachverfahren.sqlite").rename(city.city / "weg.sqlite")
    counted = []
    for night in (1, 1, 2, 3):
        refresh(city, day=DAY + timedelta(days=night), now=NOON + timedelta(days=night))
        counted.append(failures())
    (city.city / "weg.sqlite").rename(city.city / "fachverfahren.sqlite")
    refresh(city, day=DAY + timedelta(days=4), now=NOON + timedelta(days=4))
    assert (counted, failures()) == ([1, 1, 2, 3], 0)


def test_a_renamed_column_keeps_the_last_good_slice_and_names_the_column(city: Settings) -> None:
    refresh(city)
    write_appointments(city.city, 12, head=("appointment_id", "on_day", "title", "detail"))
    record = refresh(city)
    assert line(record, "termine").reason_code == "missing_column"
    assert "on_date" in str(line(record, "termine").reason)
    assert count(city, "core.appointment") == 10


def test_a_file_cut_in_half_keeps_the_last_good_slice(city: Settings) -> None:
    write_appointments(city.city, 60)
    refresh(city)
    path = city.city / "inbox" / "termine.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: len(text) // 3], encoding="utf-8")
    os.utime(path, (1, 1))
    record = refresh(city)
    assert line(record, "termine").state == "fehlgeschlagen"
    assert count(city, "core.appointment") == 60


def test_too_many_bad_rows_keep_the_last_good_slice_but_show_what_was_wrong(city: Settings) -> None:
    refresh(city)
    rows = [(f"T{n}", "31.02.2026" if n < 5 else "01.06.2026", "x", "") for n in range(10)]
    write_rows(city.city / "inbox" / "termine.csv", ("appointment_id", "on_date", "title", "detail"), rows)
    record = refresh(city)
    assert line(record, "termine").reason_code == "too_many_rejected"
    assert count(city, "core.appointment") == 10
    assert count(city, "meta.rejected") == 5


def test_one_bad_row_within_the_tolerance_goes_to_quarantine(city: Settings) -> None:
    rows = [(f"T{n}", "31.02.2026" if n == 3 else "01.06.2026", "x", "") for n in range(20)]
    write_rows(city.city / "inbox" / "termine.csv", ("appointment_id", "on_date", "title", "detail"), rows)
    record = refresh(city)
    termine = line(record, "termine")
    assert (termine.read, termine.published, termine.rejected) == (20, 19, 1)
    rejected = snapshot(city).query("SELECT line, column_name, reason_code FROM meta.rejected")
    assert rejected == [(5, "on_date", "not_a_date")]


def test_a6_an_implausible_source_falls_back_and_the_others_are_published(city: Settings) -> None:
    write_cases(city.city, 100)
    refresh(city)
    write_cases(city.city, 3)
    write_appointments(city.city, 12)
    record = refresh(city)
    assert record.state == "published" and count(city, "core.appointment") == 12
    assert line(record, "wohngeld").reason_code == "implausible_shrink"
    assert count(city, 'stage."case"') == 100


def test_a_first_run_with_a_broken_source_still_publishes_the_others(city: Settings) -> None:
    (city.city / "fachverfahren.sqlite").unlink()
    record = refresh(city)
    assert record.state == "published"
    assert state(city, "wohngeld")[0] in ("fehlgeschlagen", "nie_geladen")
    assert count(city, "core.appointment") == 10


def test_a_wrong_declaration_costs_its_own_source_only(city: Settings) -> None:
    refresh(city)
    (city.city / "sources" / "termine.toml").write_text(
        TERMINE.replace("allow_rejected", "allow_rejekted"), encoding="utf-8"
    )
    write_cases(city.city, 25)
    record = refresh(city)
    assert line(record, "termine").reason_code == "unknown_key"
    assert "termine.toml" in str(line(record, "termine").reason)
    assert (count(city, "core.appointment"), count(city, 'stage."case"')) == (10, 25)


def test_a_source_whose_file_is_gone_leaves_the_warehouse(city: Settings) -> None:
    refresh(city)
    (city.city / "sources" / "termine.toml").unlink()
    record = refresh(city)
    assert any("termine" in note for note in record.notes)
    assert count(city, "core.appointment") == 0


def test_only_reads_the_named_source_and_leaves_the_others_as_they_were(city: Settings) -> None:
    refresh(city)
    write_appointments(city.city, 11)
    write_cases(city.city, 25)
    record = refresh(city, only=["termine"])
    assert [s.source for s in record.sources] == ["termine"]
    assert (count(city, "core.appointment"), count(city, 'stage."case"')) == (11, 20)


def test_an_unknown_source_in_only_is_refused_with_a_suggestion(city: Settings) -> None:
    record = refresh(city, only=["termin"])
    assert record.state == "failed" and "termine" in str(record.reason)
    assert Warehouse(city.warehouse_dir).current() is None


def test_a_weekly_source_is_read_only_when_due(city: Settings) -> None:
    (city.city / "sources" / "termine.toml").write_text(
        TERMINE.replace('nature = "echt"', 'nature = "echt"\nevery = "week"'), encoding="utf-8"
    )
    refresh(city)
    later = refresh(city, day=DAY + timedelta(days=3), now=NOON + timedelta(days=3))
    assert "termine" not in {s.source for s in later.sources}
    due = refresh(city, day=DAY + timedelta(days=7), now=NOON + timedelta(days=7))
    assert "termine" in {s.source for s in due.sources}


def test_a_monthly_source_that_failed_in_between_is_read_in_the_next_night(city: Settings) -> None:
    monthly = WOHNGELD.replace('kind = "sql"', 'kind = "sql"\nevery = "month"')
    path = city.city / "sources" / "wohngeld.toml"
    path.write_text(monthly, encoding="utf-8")
    refresh(city)
    path.write_text(monthly + "unsinn = 1\n", encoding="utf-8")
    refresh(city, day=DAY + timedelta(days=1), now=NOON + timedelta(days=1))
    assert state(city, "wohngeld")[0] == "fehlgeschlagen"
    path.write_text(monthly, encoding="utf-8")
    for night in (2, 3):
        record = refresh(city, day=DAY + timedelta(days=night), now=NOON + timedelta(days=night))
        assert [s.source for s in record.sources].count("wohngeld") == (night == 2)
        assert state(city, "wohngeld")[:2] == ("aktuell", None)


def test_an_earlier_business_date_counts_as_of_its_night(city: Settings) -> None:
    refresh(city, day=date(2026, 6, 1))
    found = snapshot(city)
    assert found.business_date == date(2026, 6, 1)
    assert found.as_of == datetime(2026, 6, 1, 1, 15, tzinfo=UTC)


def test_a_business_date_in_the_future_is_refused(city: Settings) -> None:
    with pytest.raises(ConfigError, match="Zukunft"):
        refresh(city, day=DAY + timedelta(days=1))


def test_a_second_run_at_the_same_time_says_who_holds_the_lock(city: Settings) -> None:
    with Warehouse(city.warehouse_dir).lock(), pytest.raises(RetriableError, match=str(os.getpid())):
        refresh(city)
    assert refresh(city).state == "published"


def test_a6_a_failed_audit_of_the_whole_publishes_nothing(
    city: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dashboard.jobs import audit as job
    from warehouse.audit import Finding

    refresh(city)
    before = snapshot(city).name
    monkeypatch.setattr(
        job, "audit_draft", lambda *_, **__: [Finding("error", "table_missing", "fehlt", "core.x")]
    )
    record = refresh(city)
    assert (record.state, record.snapshot) == ("failed", None)
    assert snapshot(city).name == before
    assert Ledger(city.ledger_url).runs()[0].state == "failed"


def test_an_unexpected_error_ends_in_a_state_and_a_sentence_without_a_traceback(
    city: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dashboard.jobs import refresh as job

    def explode(*_: object, **__: object) -> None:
        raise ZeroDivisionError("geheim")

    monkeypatch.setattr(job, "build", explode)
    record = refresh(city)
    assert record.state == "failed"
    assert "ZeroDivisionError" in str(record.reason) and "geheim" not in str(record.reason)
    assert record.steps[-1]["state"] == "failed"


@pytest.mark.parametrize("fault", [OSError(5, "Input/output error"), Interrupted()])
def test_a_run_that_cannot_tidy_up_is_published_all_the_same_and_says_so(
    city: Settings, monkeypatch: pytest.MonkeyPatch, fault: BaseException
) -> None:
    calls: list[object] = []

    def explode(*_: object, **__: object) -> None:
        # The first time is before the run asks for room, the second after the pointer has moved.
        calls.append(_)
        if len(calls) == 2:
            raise fault

    monkeypatch.setattr(Warehouse, "prune", explode)
    record = refresh(city)
    assert len(calls) == 2
    assert (record.state, record.snapshot) == ("published", snapshot(city).name)
    assert "ist veröffentlicht" in str(record.reason)
    run = Ledger(city.ledger_url).runs()[0]
    assert (run.state, run.snapshot) == ("published", record.snapshot)
    assert [step["state"] for step in record.steps] == ["done"] * 6


def test_a_run_that_ends_before_its_publication_names_no_snapshot(
    city: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dashboard.jobs import refresh as job

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(job, "write_book", full)
    record = refresh(city)
    assert (record.state, record.snapshot) == ("failed", None)
    assert "Speicherplatz" in str(record.reason)
    assert Ledger(city.ledger_url).runs()[0].snapshot is None


def test_a_run_that_was_killed_is_settled_by_the_next_one(city: Settings) -> None:
    ledger = Ledger(city.ledger_url)
    ledger.start_run("dead", business_date=DAY, trigger="hand", started_at=NOON)
    refresh(city)
    assert {r.run_id: r.state for r in ledger.runs()}["dead"] == "interrupted"


def test_everything_stays_inside_the_city_folder(city: Settings, tmp_path: Path) -> None:
    refresh(city)
    assert not list(city.temp_dir.glob("draft/*"))
    assert {p.name for p in tmp_path.iterdir()} == {
        "portal.toml", "sources", "inbox", "organisation.csv", "fachverfahren.sqlite", "var",
    }  # fmt: skip


def test_a_secret_in_a_connection_reaches_neither_snapshot_nor_ledger(city: Settings) -> None:
    (city.city / "sources" / "wohngeld.toml").write_text(
        WOHNGELD.replace("sqlite:///fachverfahren.sqlite", "${WOHNGELD_URL}"), encoding="utf-8"
    )
    canary = "kanarienvogel4711"
    settings = load_settings(city.city, {"WOHNGELD_URL": f"postgresql://u:{canary}@127.0.0.1:1/db"})
    record = refresh(settings)
    assert line(record, "wohngeld").state == "fehlgeschlagen"
    for path in city.var.rglob("*"):
        if path.is_file():
            assert canary.encode() not in path.read_bytes(), path
