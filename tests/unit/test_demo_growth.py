"""The example city grows like a real one: what was known on a day stays as it was."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from pathlib import Path

import pytest

from dashboard.demo.budget import payments
from dashboard.demo.cases import application_months
from dashboard.demo.city import SEED, source_tables, write_city
from dashboard.demo.dms import report_rows
from dashboard.demo.entries import entries
from dashboard.demo.finance import booking_rows, month_rows, order_rows, plan_rows
from dashboard.demo.measurements import write_measurements
from dashboard.demo.sittings import appointments
from dashboard.demo.streams import stream
from dashboard.demo.tables import Table

LATER = date(2026, 11, 20)
EARLIER = (date(2022, 1, 31), date(2024, 10, 15), date(2026, 6, 9))


def _known(value: object, day: date) -> object:
    return (
        None
        if isinstance(value, str) and len(value) == 10 and value[:2] == "20" and value > day.isoformat()
        else value
    )


def _as_known_on(
    table: Table, born: str, day: date, ignore: tuple[str, ...] = ()
) -> list[tuple[object, ...]]:
    """Rows dated up to `day`, with everything that was only known later blanked out."""
    names = list(table.columns)
    at = names.index(born)
    kept = [i for i, name in enumerate(names) if name not in ignore]
    rows = [row for row in table.rows if row[at] is not None and row[at] <= day.isoformat()]
    return [tuple(_known(row[i], day) for i in kept) for row in rows]


def _tables(day: date) -> dict[str, Table]:
    return {f"{source}.{t.name}": t for source, tables in source_tables(day, SEED).items() for t in tables}


BORN = {
    "fachverfahren_wohngeld.vorgang": ("eingang_vollstaendig", ("geaendert_am",)),
    "fachverfahren_bau.vorgang": ("eingang_vollstaendig", ("geaendert_am",)),
    "fachverfahren_bau.bauantrag": ("eingang", ()),
    "buergerservice.vorgang": ("eingang_vollstaendig", ("geaendert_am",)),
    "leistungsregister.einstufung": ("eingestuft_am", ()),
    "leistungsregister.projekt": ("begonnen_am", ("abschluss_geplant",)),
    "leistungsregister.projektschritt": ("von", ()),
    # What is missing and planned is the state of the day, not history.
    "leistungsregister.leistung": (
        "aufgenommen_am",
        ("fehlender_baustein", "fehlende_bausteine", "online_geplant"),
    ),
    "massnahmenliste.massnahme": ("aufgenommen_am", ("beginn_geplant", "frist")),
}


@pytest.fixture(scope="module")
def later_tables() -> dict[str, Table]:
    return _tables(LATER)


@pytest.mark.parametrize("day", EARLIER)
def test_databases_written_later_hold_the_same_history(day: date, later_tables: dict[str, Table]) -> None:
    earlier = _tables(day)
    assert set(earlier) == set(BORN)
    for name, (born, ignore) in BORN.items():
        then = _as_known_on(earlier[name], born, day, ignore)
        assert then, name
        assert then == _as_known_on(later_tables[name], born, day, ignore), name


@pytest.mark.parametrize("day", EARLIER)
def test_a_decided_case_keeps_the_time_of_its_last_change(day: date, later_tables: dict[str, Table]) -> None:
    name = "fachverfahren_wohngeld.vorgang"
    then = {row for row in _tables(day)[name].rows if row[4] is not None}
    assert then <= set(later_tables[name].rows)


@pytest.mark.parametrize("day", EARLIER)
def test_the_finance_export_only_ever_gains_lines(day: date) -> None:
    for rows in (booking_rows, month_rows):
        later = {str(row) for row in rows(LATER, SEED)}
        assert {str(row) for row in rows(day, SEED)} <= later
    assert {str(row) for row in plan_rows(day)} <= {str(row) for row in plan_rows(LATER)}
    placed = [(row[0][4:6], row[1]) for row in order_rows(day, SEED)]
    assert [(row[0][4:6], row[1]) for row in order_rows(LATER, SEED)][: len(placed)] != []
    assert {str(p) for p in placed} <= {str((row[0][4:6], row[1])) for row in order_rows(LATER, SEED)}


@pytest.mark.parametrize("day", EARLIER)
def test_lists_and_reports_grow_at_their_end(day: date, tmp_path: Path) -> None:
    write_measurements(tmp_path / "then.csv", day, SEED)
    write_measurements(tmp_path / "now.csv", LATER, SEED)
    assert (tmp_path / "now.csv").read_bytes().startswith((tmp_path / "then.csv").read_bytes())
    assert list(entries(day)) == [entry for entry in entries(LATER) if entry.on <= day]
    assert set(appointments(day.year)) <= set(appointments(LATER.year))
    month = day.replace(day=1)
    full = [row for row in application_months(day, SEED) if row[2] < month]
    assert full == [row for row in application_months(LATER, SEED) if row[2] < month]


def test_streams_depend_on_their_name_and_seed_only() -> None:
    assert stream(1, "a", 2).random() == stream(1, "a", 2).random()
    assert stream(1, "a", 2).random() != stream(1, "a", 3).random()
    assert stream(1, "a", 2).random() != stream(2, "a", 2).random()


def test_another_seed_gives_another_city() -> None:
    assert payments(1)[:20] != payments(2)[:20]
    assert report_rows(date(2025, 1, 1), 1) == report_rows(date(2025, 1, 1), 1)


def _hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_writing_the_city_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    day = date(2023, 2, 3)
    write_city(tmp_path / "a", as_of=day)
    write_city(tmp_path / "b", as_of=day)
    assert _hashes(tmp_path / "a") == _hashes(tmp_path / "b")


def test_a_second_writing_keeps_what_the_town_changed(tmp_path: Path) -> None:
    day = date(2022, 6, 1)
    write_city(tmp_path, as_of=day)
    (tmp_path / "targets.toml").write_text("# own wishes\n", encoding="utf-8")
    (tmp_path / "var" / "secrets.env").write_text("WOHNGELD_URL=postgresql://db/wohngeld\n", encoding="utf-8")
    write_city(tmp_path, as_of=day + timedelta(days=1))
    assert (tmp_path / "targets.toml").read_text(encoding="utf-8") == "# own wishes\n"
    secrets = (tmp_path / "var" / "secrets.env").read_text(encoding="utf-8")
    assert "WOHNGELD_URL=postgresql://db/wohngeld" in secrets
    assert secrets.count("WOHNGELD_URL=") == 1
    assert "BAUAUFSICHT_URL=sqlite:///fachverfahren/bauaufsicht.sqlite" in secrets


def test_the_city_has_no_past_before_its_history(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="begins after 2021-07-01"):
        write_city(tmp_path, as_of=date(2021, 6, 30))
