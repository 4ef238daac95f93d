"""The command line as people and machines use it: answers, exit codes, JSON contracts."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tiny_city import line, refresh, write_appointments, write_city

from dashboard.__main__ import main
from dashboard.cli.demo import write_example
from dashboard.jobs.heartbeat import heartbeat_path, write_heartbeat
from dashboard.jobs.interruption import Interrupted
from dashboard.settings import Settings
from warehouse.ledger import Ledger
from warehouse.pointer import snapshot_path
from warehouse.publish import Warehouse

Isek = Callable[..., tuple[int, str, str]]


@pytest.fixture
def city(tmp_path: Path) -> Settings:
    return write_city(tmp_path / "stadt")


@pytest.fixture
def isek(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Isek:
    monkeypatch.setattr(tempfile, "tempdir", tempfile.gettempdir())

    def run(*args: str, environ: dict[str, str] | None = None) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(args, environ or {})
        out, err = capsys.readouterr()
        return code, out, err

    return run


def test_a_new_city_passes_check_and_publishes_an_empty_snapshot(tmp_path: Path, isek: Isek) -> None:
    folder = str(tmp_path / "neu")
    assert isek("init", folder)[0] == 0
    assert (tmp_path / "neu" / "var" / "secret").stat().st_mode & 0o777 == 0o600
    assert isek("check", "--city", folder)[0] == 0
    code, out, _ = isek("refresh", "--city", folder)
    assert code == 0 and "0 Quellen" in out
    assert isek("status", "--city", folder)[0] == 0


def test_the_example_sources_of_a_new_city_are_valid_once_switched_on(tmp_path: Path, isek: Isek) -> None:
    isek("init", str(tmp_path / "neu"))
    sources = tmp_path / "neu" / "sources"
    for path in sources.glob("*.toml.example"):
        path.rename(path.with_suffix(""))
    code, out, _ = isek("sources", "--city", str(tmp_path / "neu"), "--json")
    assert code == 0
    assert {row["id"] for row in json.loads(out)} == {"beispiel", "organisation"}


def test_a_new_city_is_never_written_over_an_old_one(city: Settings, isek: Isek) -> None:
    code, _, err = isek("init", str(city.city))
    assert code == 2 and "nicht leer" in err


def test_the_example_city_never_writes_into_a_foreign_folder(city: Settings, isek: Isek) -> None:
    before = sorted(p.name for p in city.city.rglob("*"))
    code, _, err = isek("demo", str(city.city), "--no-serve")
    assert code == 2 and "keine Beispielstadt" in err
    assert sorted(p.name for p in city.city.rglob("*")) == before


def test_the_example_city_is_moved_forward_and_never_back(tmp_path: Path) -> None:
    folder = tmp_path / "musterstadt"
    assert write_example(folder, date(2026, 6, 8))
    (folder / "targets.toml").write_text("# eigenes Ziel\n", encoding="utf-8")
    assert not write_example(folder, date(2026, 6, 7)) and not write_example(folder, date(2026, 6, 8))
    assert write_example(folder, date(2026, 6, 9))
    assert (folder / "targets.toml").read_text(encoding="utf-8") == "# eigenes Ziel\n"


def test_an_example_city_that_was_cut_off_while_being_written_is_completed(tmp_path: Path) -> None:
    folder = tmp_path / "musterstadt"
    (folder / "var").mkdir(parents=True)
    (folder / "var" / "demo.json").write_text("{}", encoding="utf-8")
    assert write_example(folder, date(2026, 6, 9))
    assert (folder / "portal.toml").is_file()


def test_a_command_outside_a_city_says_what_to_do(tmp_path: Path, isek: Isek) -> None:
    code, _, err = isek("status", "--city", str(tmp_path))
    assert code == 2 and "isek init" in err and "Traceback" not in err


def test_the_city_may_come_from_the_environment(city: Settings, isek: Isek) -> None:
    assert isek("sources", environ={"ISEK_CITY": str(city.city)})[0] == 0


def test_refresh_tells_the_accounting_of_each_source(city: Settings, isek: Isek) -> None:
    code, out, _ = isek("refresh", "--city", str(city.city))
    assert code == 0
    assert "termine" in out and "gelesen 10, übernommen 10, abgelehnt 0, doppelt 0" in out
    code, out, _ = isek("refresh", "--city", str(city.city), "--json")
    record = json.loads(out)
    assert record["state"] == "published" and len(record["sources"]) == 3


def test_an_impossible_date_is_a_usage_error(city: Settings, isek: Isek) -> None:
    assert isek("refresh", "--city", str(city.city), "--date", "2999-01-01")[0] == 2
    with pytest.raises(SystemExit) as ended:
        isek("refresh", "--city", str(city.city), "--date", "31.12.2026")
    assert ended.value.code == 2


def test_status_json_keeps_its_contract(city: Settings, isek: Isek) -> None:
    refresh(city)
    code, out, _ = isek("status", "--city", str(city.city), "--json")
    status = json.loads(out)
    assert code == 0
    assert set(status) == {"city", "snapshot", "as_of", "business_date", "sources", "runs"}
    assert set(status["sources"][0]) == {
        "id", "title", "owner", "kind", "nature", "state", "stale", "as_of",
        "read", "published", "rejected", "duplicates", "reason",
    }  # fmt: skip
    assert status["business_date"] == "2026-06-09" and status["city"] == "Kleinstadt"
    assert status["runs"][0]["state"] == "published"


def test_status_without_a_snapshot_still_says_why_runs_failed(city: Settings, isek: Isek) -> None:
    (city.city / "subjects").mkdir()
    (city.city / "subjects" / "x.toml").write_text("nonsense", encoding="utf-8")
    record = refresh(city)
    assert record.state == "failed"
    code, out, err = isek("status", "--city", str(city.city))
    assert code == 3 and "isek refresh" in err
    assert "fehlgeschlagen" in out and "Lauf gescheitert seit" in out and "kein gültiges TOML" in out
    code, out, _ = isek("status", "--city", str(city.city), "--json")
    assert (code, out) == (3, "")


def test_e3_status_speaks_german_and_names_schedule_and_stand_in(city: Settings, isek: Isek) -> None:
    older, newest = refresh(city).snapshot, str(refresh(city).snapshot)
    path = snapshot_path(city.warehouse_dir, newest)
    path.chmod(0o600)
    path.write_bytes(b"")
    _, out, _ = isek("status", "--city", str(city.city))
    assert f"Der Datenstand {newest} ist nicht lesbar; gezeigt wird der ältere Stand {older}." in out
    assert "Zeitplan läuft nicht, noch kein Lebenszeichen" in out
    assert "freigegeben" in out and "von Hand" in out and "published" not in out
    now = datetime.now(UTC)
    write_heartbeat(heartbeat_path(city), {"at": now.isoformat()})
    _, out, _ = isek("status", "--city", str(city.city))
    assert "Zeitplan läuft, nächster Nachtlauf " in out


def test_status_before_the_first_run_says_what_to_do(city: Settings, isek: Isek) -> None:
    code, _, err = isek("status", "--city", str(city.city))
    assert code == 3 and "isek refresh" in err


def test_check_names_every_problem_and_ends_with_one(city: Settings, isek: Isek) -> None:
    assert isek("check", "--city", str(city.city))[0] == 0
    path = city.city / "sources" / "termine.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("title", "titel", 1), encoding="utf-8")
    (city.city / "fachverfahren.sqlite").unlink()
    code, out, _ = isek("check", "--city", str(city.city), "--json")
    findings = json.loads(out)["findings"]
    assert code == 1
    assert any("termine.toml:2" in f["where"] and "title" in f["next_step"] for f in findings)
    assert any("wohngeld" in f["where"] or "wohngeld" in f["what"] for f in findings)


def test_check_reads_the_reifegrad_models_of_the_town(city: Settings, isek: Isek) -> None:
    path = city.city / "reifegrad" / "models" / "stadt.toml"
    path.parent.mkdir(parents=True)
    path.write_text('title = "Skala"\n', encoding="utf-8")
    code, out, _ = isek("check", "--city", str(city.city), "--json")
    assert code == 1
    errors = [f["where"] for f in json.loads(out)["findings"] if f["level"] == "error"]
    assert errors == [str(path)]


def test_a_level_is_read_in_another_model_or_said_not_to_be_convertible(city: Settings, isek: Isek) -> None:
    folder = ("--city", str(city.city))
    code, out, _ = isek("reifegrad", *folder)
    assert code == 0 and all(name in out for name in ("ozg_leitfaden", "ozg_1_1", "ozg_2_0", "bielefeld"))
    assert isek("reifegrad", "bielefeld", "ozg_1_1", "4", *folder)[1] == "bielefeld 4 → ozg_1_1 3\n"
    code, out, _ = isek("reifegrad", "ozg_1_1", "ozg_2_0", "2", "3", *folder)
    assert code == 0 and out.startswith("ozg_1_1 2–3 → ozg_2_0 nicht übertragbar\n")
    answer = json.loads(isek("reifegrad", "ozg_1_1", "ozg_2_0", "4", *folder, "--json")[1])
    assert answer == {"answer": "3–7", "lowest": 3, "highest": 7, "reason": None}
    assert isek("reifegrad", "ozg_1_1", "ozg_2_0", *folder)[0] == 2
    assert isek("reifegrad", "ozg_1_1", "ozg_2_0", "9", *folder)[0] == 2


def test_rollback_moves_the_pointer_and_the_next_run_goes_on(city: Settings, isek: Isek) -> None:
    first = refresh(city).snapshot
    write_appointments(city.city, 12)
    second = refresh(city).snapshot
    assert isek("rollback", "--city", str(city.city))[0] == 0
    listed = json.loads(isek("snapshots", "--city", str(city.city), "--json")[1])
    assert [(s["name"], s["current"]) for s in listed] == [(second, False), (first, True)]
    third = refresh(city)
    assert third.state == "published" and line(third, "termine").published == 12
    assert isek("rollback", "gibt-es-nicht", "--city", str(city.city))[0] == 3
    assert "rollback" in {event.what for event in Ledger(city.ledger_url).audit_events()}


def test_a10_a_rollback_while_a_run_goes_on_says_that_it_has_to_be_repeated(
    city: Settings, isek: Isek
) -> None:
    first = refresh(city).snapshot
    refresh(city)
    with Warehouse(city.warehouse_dir).lock():
        code, out, _ = isek("rollback", "--city", str(city.city))
    assert code == 0 and f"noch einmal: isek rollback {first}" in out
    assert "baut darauf auf" in isek("rollback", str(first), "--city", str(city.city))[1]


def test_a5_a_signal_before_the_first_step_ends_the_command_without_a_traceback(
    city: Settings, isek: Isek, monkeypatch: pytest.MonkeyPatch
) -> None:
    def releases(_: Ledger) -> None:
        raise Interrupted

    monkeypatch.setattr(Ledger, "releases", releases)
    code, _, err = isek("refresh", "--city", str(city.city))
    assert (code, err) == (130, "")
    monkeypatch.undo()
    assert refresh(city).state == "published"


def test_rejected_shows_line_column_and_reason(city: Settings, isek: Isek) -> None:
    path = city.city / "inbox" / "termine.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("04.06.2026", "31.02.2026"), encoding="utf-8")
    import os

    os.utime(path, (1, 1))
    refresh(city)
    rows = json.loads(isek("rejected", "termine", "--city", str(city.city), "--json")[1])
    assert [(r["source"], r["line"], r["column"], r["reason_code"]) for r in rows] == [
        ("termine", 5, "on_date", "not_a_date")
    ]
    assert json.loads(isek("rejected", "wohngeld", "--city", str(city.city), "--json")[1]) == []


def test_query_goes_through_the_door_and_keeps_its_contract(city: Settings, isek: Isek) -> None:
    refresh(city)
    code, out, _ = isek("query", "case_duration_days", "--city", str(city.city), "--format", "json")
    answer = json.loads(out)
    assert code == 0
    assert set(answer) >= {
        "metric", "number", "label", "unit", "population", "snapshot", "as_of", "stale_sources", "coverage",
        "rows",
    }  # fmt: skip
    assert set(answer["rows"][0]) >= {
        "period", "value", "numerator", "denominator", "target", "rating", "suppressed",
    }  # fmt: skip
    assert answer["rows"][0]["value"] == 19
    code, out, _ = isek(
        "query", "case_duration_days", "--city", str(city.city), "--by", "org_unit_id", "--format", "csv"
    )
    assert out.splitlines()[0].startswith("period;org_unit_id;value") and "FD50" in out


def test_query_speaks_german_on_a_terminal_and_machine_values_elsewhere(city: Settings, isek: Isek) -> None:
    refresh(city)
    question = ("query", "case_duration_days", "--city", str(city.city))
    _, table, _ = isek(*question, "--by", "procedure", "--by", "org_unit_id")
    lines = table.splitlines()
    assert lines[1] == "Geschäftstag 09.06.2026, Datenstand 09.06.2026, 12:00\u00a0Uhr"
    assert lines[-3].split() == ["Zeitraum", "procedure", "org_unit_id", "Wert", "Fälle"]
    assert lines[-1].split() == ["03/2026–05/2026", "wohngeld", "FD50", "19", "Tage", "20"]
    assert isek(*question, "--format", "csv")[1].splitlines()[1].startswith("2026-05-01;19;")


def test_query_as_somebody_sees_only_what_that_person_may(city: Settings, isek: Isek) -> None:
    refresh(city)
    folder = str(city.city)
    isek(
        "user",
        "add",
        "fremd",
        "--name",
        "F",
        "--role",
        "fachbereichsleitung",
        "--unit",
        "FD99",
        "--city",
        folder,
    )
    answer = json.loads(
        isek("query", "case_duration_days", "--as", "fremd", "--format", "json", "--city", folder)[1]
    )
    assert all(row["value"] is None for row in answer["rows"])
    assert isek("query", "case_duration_days", "--as", "niemand", "--city", folder)[0] == 2
    assert isek("query", "case_duration_days", "--as", "fachbereichsleitung", "--city", folder)[0] == 2


def test_an_unknown_metric_is_answered_with_a_suggestion(city: Settings, isek: Isek) -> None:
    refresh(city)
    code, _, err = isek("query", "case_duration_day", "--city", str(city.city))
    assert code == 2 and "case_duration_days" in err


def test_accounts_are_made_listed_and_closed(city: Settings, isek: Isek) -> None:
    folder = str(city.city)
    add = ("user", "add", "k.muster", "--name", "K. Muster", "--role", "controlling", "--city", folder)
    assert isek(*add)[0] == 0
    assert isek(*add)[0] == 2
    listed = json.loads(isek("user", "list", "--json", "--city", folder)[1])
    assert [(a["login"], a["role"], a["password"]) for a in listed] == [("k.muster", "controlling", False)]
    code, out, _ = isek("user", "link", "k.muster", "--city", folder)
    assert code == 0 and out.startswith("http://localhost:8050/anmelden/link/")
    assert isek("user", "disable", "k.muster", "--city", folder)[0] == 0
    assert isek("user", "link", "k.muster", "--city", folder)[0] == 2


@pytest.mark.parametrize(
    ("login", "role", "units"),
    [("Ä B", "leitung", ()), ("a", "leitung", ()), ("ok", "chef", ()), ("ok", "fachbereichsleitung", ())],
)
def test_a_senseless_account_is_refused(
    city: Settings, isek: Isek, login: str, role: str, units: tuple[str, ...]
) -> None:
    assert isek("user", "add", login, "--name", "X", "--role", role, "--city", str(city.city))[0] == 2
    assert Ledger(city.ledger_url).accounts() == []


def test_a_password_is_read_from_standard_input_only(
    city: Settings, isek: Isek, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("Regenschirm tanzt im Ratssaal\n"))
    add = (
        "user",
        "add",
        "lokal",
        "--name",
        "L",
        "--role",
        "leitung",
        "--password-stdin",
        "--city",
        str(city.city),
    )
    assert isek(*add)[0] == 0
    account = Ledger(city.ledger_url).account_by_login("lokal")
    assert account and account.password_hash and account.password_hash.startswith("$argon2id$")


def test_an_error_nobody_foresaw_is_a_sentence_without_its_text(
    city: Settings, isek: Isek, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dashboard.cli import state

    def explode(_: object) -> None:
        raise ZeroDivisionError("postgresql://u:geheim@db")

    monkeypatch.setattr(state, "read_settings", explode)
    code, _, err = isek("status", "--city", str(city.city))
    assert code == 3 and "ZeroDivisionError" in err
    assert "geheim" not in err and "Traceback" not in err


def test_every_command_explains_itself() -> None:
    commands = (
        "init demo check refresh schedule serve status snapshots rollback query metrics sources rejected user"
    )
    for command in commands.split():
        with pytest.raises(SystemExit) as ended:
            main([command, "--help"], {})
        assert ended.value.code == 0


def test_the_module_is_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dashboard", "--help"], capture_output=True, text=True, timeout=30, check=True
    )
    assert done.stdout.startswith("usage: isek")
