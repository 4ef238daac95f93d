"""`isek source release, retry` and `isek changes`, from the held night to the published answer."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from tiny_city import (
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

from dashboard.__main__ import main
from dashboard.settings import Settings
from warehouse.held import held_deliveries
from warehouse.ledger import Ledger
from warehouse.publish import Warehouse

Isek = Callable[..., tuple[int, str, str]]
MERGED = (
    WOHNGELD.replace("FROM vorgang", "FROM vorgang WHERE changed_at >= :since AND changed_at < :until")
    + 'write = "merge"\ncursor = "changed_at"\nfirst_date = 2026-01-01\nallow_rejected = 0.5\n'
)


@pytest.fixture
def city(tmp_path: Path) -> Settings:
    return write_city(tmp_path / "stadt")


@pytest.fixture
def isek(city: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Isek:
    monkeypatch.setattr(tempfile, "tempdir", tempfile.gettempdir())

    def run(*args: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main([*args, "--city", str(city.city)], {})
        out, err = capsys.readouterr()
        return code, out, err

    return run


def _hold(city: Settings, rows: int = 30) -> None:
    write_cases(city.city, 100)
    refresh(city)
    write_cases(city.city, rows)
    assert line(refresh(city), "wohngeld").state == "zurückgehalten"


def _change(city: Settings, sql: str) -> None:
    with sqlite3.connect(city.city / "fachverfahren.sqlite") as con:
        con.execute(sql)
    con.close()


def test_b12_the_night_publishes_the_others_and_says_who_has_to_look(city: Settings, isek: Isek) -> None:
    write_cases(city.city, 100)
    refresh(city)
    write_cases(city.city, 0)
    write_appointments(city.city, 12)
    record = refresh(city)
    assert record.state == "published"
    assert (count(city, 'stage."case"'), count(city, "core.appointment")) == (100, 12)
    assert state(city, "wohngeld") == ("zurückgehalten", "implausible_shrink", 100)
    for command in (("status",), ("sources",)):
        _, out, _ = isek(*command)
        assert "zurückgehalten" in out and "isek source release wohngeld" in out and "FD 50" in out
    facts = json.loads(isek("status", "--json")[1])["sources"]
    assert {s["id"]: s["state"] for s in facts}["wohngeld"] == "zurückgehalten"


def test_b12_a_release_takes_over_what_landed_without_asking_the_source(city: Settings, isek: Isek) -> None:
    _hold(city)
    held = held_deliveries(snapshot(city))["wohngeld"]
    (city.city / "fachverfahren.sqlite").unlink()
    code, out, err = isek("source", "release", "wohngeld", "--reason", "Verfahren eingestellt")
    assert code == 0, err
    assert "30 Zeilen" in out and "Veröffentlicht" in out
    assert count(city, 'stage."case"') == 30
    # The delivery is that of the held night; by the clock of this machine it may be an old one.
    assert state(city, "wohngeld")[0] in ("aktuell", "veraltet") and state(city, "wohngeld")[1] is None
    assert held_deliveries(snapshot(city)) == {}
    noted = Ledger(city.ledger_url).releases()[0]
    assert (noted.delivery_hash, noted.run_id, noted.reason) == (
        held.delivery_hash, held.run_id, "Verfahren eingestellt",
    )  # fmt: skip
    assert noted.who.startswith("cli:")
    event = next(e for e in Ledger(city.ledger_url).audit_events() if e.what == "source.released")
    assert event.detail["delivery_hash"] == held.delivery_hash and event.who == noted.who


def test_a_source_that_holds_nothing_cannot_be_released(city: Settings, isek: Isek) -> None:
    refresh(city)
    code, _, err = isek("source", "release", "wohngeld")
    assert code == 2 and "keine Lieferung zurückgehalten" in err
    assert Ledger(city.ledger_url).releases() == []


def test_b12_a_newer_implausible_delivery_is_not_covered_by_an_older_release(city: Settings) -> None:
    _hold(city)
    held = held_deliveries(snapshot(city))["wohngeld"]
    Ledger(city.ledger_url).note_release("wohngeld", "another-run", held.delivery_hash, who="test")
    Ledger(city.ledger_url).note_release("wohngeld", held.run_id, "f" * 64, who="test")
    assert line(refresh(city), "wohngeld").state == "zurückgehalten"
    assert count(city, 'stage."case"') == 100


def test_a_release_while_a_run_is_going_on_is_taken_up_by_the_next_night(city: Settings, isek: Isek) -> None:
    _hold(city)
    with Warehouse(city.warehouse_dir).lock():
        code, _, err = isek("source", "release", "wohngeld")
    assert code == 3 and "Die Freigabe ist vermerkt" in err
    write_cases(city.city, 31)
    record = refresh(city)
    assert line(record, "wohngeld").state == "aktuell", "31 rows are usual after the release of 30"
    assert any("freigegebene Lieferung" in note for note in record.notes)
    loads = snapshot(city).query(
        "SELECT state, published FROM meta.load WHERE source = 'wohngeld' ORDER BY number"
    )
    assert loads == [("geladen", 100), ("freigegeben", 30), ("geladen", 31)]


def test_a_released_delivery_that_was_touched_is_refused_and_the_good_slice_stays(
    city: Settings, isek: Isek
) -> None:
    _hold(city)
    held = held_deliveries(snapshot(city))["wohngeld"]
    rows = city.landing_dir / "wohngeld" / held.run_id / "1" / "rows.parquet"
    rows.write_bytes(rows.read_bytes() + b"x")
    code, _, _ = isek("source", "release", "wohngeld")
    assert code == 1
    assert state(city, "wohngeld")[:2] == ("fehlgeschlagen", "landing_damaged")
    assert (count(city, 'stage."case"'), held_deliveries(snapshot(city))) == (100, {})


def test_a_release_under_a_declaration_that_changed_meanwhile_is_refused(city: Settings, isek: Isek) -> None:
    _hold(city)
    path = city.city / "sources/wohngeld.toml"
    path.write_text(WOHNGELD.replace("FROM vorgang", "FROM vorgang WHERE true"), encoding="utf-8")
    assert isek("source", "release", "wohngeld")[0] == 1
    assert state(city, "wohngeld")[:2] == ("fehlgeschlagen", "new_contract")
    assert count(city, 'stage."case"') == 100


def test_b12_a_changed_query_waits_until_it_is_released(city: Settings, isek: Isek) -> None:
    refresh(city)
    path = city.city / "sources/wohngeld.toml"
    path.write_text(WOHNGELD.replace("FROM vorgang", "FROM vorgang WHERE case_id < 'A5'"), encoding="utf-8")
    held = line(refresh(city), "wohngeld")
    assert (held.state, held.reason_code) == ("zurückgehalten", "new_contract")
    assert "Einstellung „query“ geändert" in str(held.reason)
    assert isek("source", "release", "wohngeld")[0] == 0
    assert line(refresh(city), "wohngeld").state == "aktuell"


def _late_rows(city: Settings) -> None:
    """Four cases, one of them refused, and a night later a fifth."""
    (city.city / "sources/wohngeld.toml").write_text(MERGED, encoding="utf-8")
    write_cases(city.city, 4)
    _change(city, "UPDATE vorgang SET channel = 'fax' WHERE case_id = 'A1'")
    refresh(city)
    _change(
        city,
        "INSERT INTO vorgang VALUES"
        " ('wohngeld', 'A9', 'FD50', 'online', '2026-05-02', NULL, '2026-06-01 09:00:00')",
    )
    refresh(city)


def test_c23_a_refused_row_stays_in_the_quarantine_when_the_cursor_has_moved_on(city: Settings) -> None:
    _late_rows(city)
    assert count(city, 'stage."case"') == 4
    rows = snapshot(city).query("SELECT line, column_name, reason_code FROM meta.rejected")
    assert [row[1:] for row in rows] == [("channel", "value_not_allowed")]


def test_c23_after_a_repair_a_retry_reads_the_window_again_and_the_accounting_closes(
    city: Settings, isek: Isek
) -> None:
    _late_rows(city)
    _change(city, "UPDATE vorgang SET channel = 'post' WHERE case_id = 'A1'")
    refresh(city)
    assert count(city, "meta.rejected") == 1, "the cursor does not go back by itself"
    code, out, _ = isek("source", "retry", "wohngeld")
    assert code == 0 and "vorher 1, jetzt 0" in out
    assert (count(city, 'stage."case"'), count(city, "meta.rejected")) == (5, 0)
    read, *parts = snapshot(city).query(
        "SELECT read, published, rejected, duplicates FROM meta.load WHERE source = 'wohngeld'"
        " ORDER BY number DESC LIMIT 1"
    )[0]
    assert read == sum(parts) == 5


def test_c23_a_row_that_comes_repaired_by_itself_leaves_the_quarantine(city: Settings) -> None:
    _late_rows(city)
    _change(
        city, "UPDATE vorgang SET channel = 'post', changed_at = '2026-06-02 08:00:00' WHERE case_id = 'A1'"
    )
    refresh(city)
    assert (count(city, 'stage."case"'), count(city, "meta.rejected")) == (5, 0)


def test_a_retry_that_finds_the_source_down_changes_nothing(city: Settings, isek: Isek) -> None:
    _late_rows(city)
    (city.city / "fachverfahren.sqlite").rename(city.city / "weg.sqlite")
    code, out, _ = isek("source", "retry", "wohngeld")
    assert code == 1 and "vorher 1, jetzt 1" in out and "isek rejected wohngeld" in out
    assert (count(city, 'stage."case"'), count(city, "meta.rejected")) == (4, 1)


def test_a_retry_of_a_clean_source_starts_nothing(city: Settings, isek: Isek) -> None:
    refresh(city)
    runs = len(Ledger(city.ledger_url).runs())
    code, out, _ = isek("source", "retry", "wohngeld")
    assert code == 0 and "keine Zeile abgelehnt" in out
    assert len(Ledger(city.ledger_url).runs()) == runs
    code, _, err = isek("source", "retry", "wohngeldt")
    assert code == 2 and "wohngeld" in err, "a slip of the pen is no clean source"


def test_c23_ten_thousand_refused_rows_are_told_masked_and_taken_after_repair(
    city: Settings, isek: Isek
) -> None:
    path, head = city.city / "inbox/termine.csv", ("appointment_id", "on_date", "title", "detail")
    (city.city / "sources/termine.toml").write_text(
        (city.city / "sources/termine.toml").read_text(encoding="utf-8").replace("0.1", "0.6"), "utf-8"
    )
    rows = [(f"T{n}", "31.02.2026" if n % 2 else "01.06.2026", f"Name {n}", "") for n in range(20_000)]
    write_rows(path, head, rows)
    termine = line(refresh(city), "termine")
    assert (termine.read, termine.published, termine.rejected) == (20_000, 10_000, 10_000)
    told = json.loads(isek("rejected", "termine", "--limit", "10000", "--json")[1])
    assert len(told) == 10_000
    assert {(r["column"], r["reason_code"], r["raw"]) for r in told} == {
        ("on_date", "not_a_date", "31.02.2026")
    }
    assert {r["line"] for r in told} == set(range(3, 20_003, 2)) and told[0]["reason"].endswith(".")
    write_rows(path, head, [(key, "01.06.2026", title, "") for key, _, title, _ in rows])
    assert isek("source", "retry", "termine")[0] == 0
    assert (count(city, "core.appointment"), count(city, "meta.rejected")) == (20_000, 0)


def test_c23_a_name_in_a_refused_row_is_masked(city: Settings) -> None:
    rows = [(f"T{n}", "01.06.2026", "Erika Mustermann" if n else "", "") for n in range(20)]
    rows.append(("T1", "01.06.2026", "Max Mustermann", ""))
    write_rows(city.city / "inbox/termine.csv", ("appointment_id", "on_date", "title", "detail"), rows)
    refresh(city)
    raws = [row[0] for row in snapshot(city).query("SELECT raw FROM meta.rejected")]
    assert len(raws) >= 2 and not any("Muster" in str(raw) for raw in raws)


def test_changes_of_closed_months_are_listed_for_people_and_machines(city: Settings, isek: Isek) -> None:
    _late_rows(city)
    code, out, _ = isek("changes", "wohngeld")
    assert code == 0 and "05/2026" in out and "Zeilen" in out
    found = json.loads(isek("changes", "wohngeld", "--json")[1])
    assert [(c["measure"], c["period"], c["before"], c["after"]) for c in found] == [
        ("rows", "2026-05-01", "3", "4")
    ]
    assert isek("changes", "termine")[1].endswith("0 Änderungen abgeschlossener Monate\n")
