"""Files of the worst night: bombs, wrong encodings, cuts at every byte; and what is said about them."""

from __future__ import annotations

import errno
import os
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import xlsxwriter

import connectors.land as landing_of_sources
from connectors.base import Context, SourceSpec
from connectors.files import Files
from connectors.formats.workbook.sheet import MAX_CELLS, require_sensible_extent
from connectors.formats.workbook.xlsx import facts_of
from connectors.land import Landed, land_source
from tests.town import Town
from warehouse.errors import ConfigError, ContractError
from warehouse.subjects import load_subjects

DECLARED = """
title = "Termine"
owner = "Rat"
kind = "files"
nature = "echt"
[[table]]
feeds = "appointment"
path = "inbox/*.{ending}"
format = "{ending}"
{more}
"""
HEAD = "appointment_id;on_date;title;detail"
COLUMNS = HEAD.split(";")


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path)


def _declare(town: Town, ending: str = "csv", more: str = "") -> None:
    town.declare("termine", DECLARED.format(ending=ending, more=more))


def _night(town: Town) -> tuple[str, str | None, str]:
    loaded = town.night("termine")
    return loaded.state, loaded.reason_code, str(loaded.reason)


def _workbook(path: Path, fill: Callable[[Any, Any], None] = lambda book, sheet: None) -> None:
    path.parent.mkdir(exist_ok=True)
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Termine")
    sheet.write_row(0, 0, COLUMNS)
    sheet.write_row(1, 0, ["T1", "2026-06-01", "Sitzung", "Haushalt"])
    fill(book, sheet)
    book.close()


def test_c20_a_stray_value_in_the_last_corner_is_refused_before_the_sheet_is_allocated(town: Town) -> None:
    _declare(town, "xlsx")
    _workbook(town.folder / "inbox/a.xlsx", lambda book, sheet: sheet.write(1_048_575, 16_383, "x"))
    state, code, reason = _night(town)
    assert (state, code) == ("fehlgeschlagen", "too_large")
    assert "1048576 Zeilen mal 16384 Spalten" in reason and "Nächster Schritt:" in reason


def test_cells_that_are_only_formatted_do_not_make_a_sheet_too_large(town: Town) -> None:
    def fill(book: Any, sheet: Any) -> None:
        grey = book.add_format({"bg_color": "#cccccc"})
        sheet.write_blank(1_048_575, 16_383, None, grey)

    _declare(town, "xlsx")
    _workbook(town.folder / "inbox/a.xlsx", fill)
    assert _night(town)[0] == "aktuell"


def test_cells_that_do_not_say_where_they_are_count_by_their_row() -> None:
    last = b'<row r="1048576"><c t="n"><v>1</v></c></row>'
    with pytest.raises(ContractError, match="zu groß"):
        require_sensible_extent(facts_of(b'<row r="1"><c r="XFD1"><v>1</v></c></row>' + last), "a.xlsx")
    assert MAX_CELLS < 1_048_576 * 16_384


def test_c20_a_workbook_that_lies_about_its_size_is_refused(town: Town) -> None:
    _declare(town, "xlsx")
    path = town.folder / "inbox/a.xlsx"
    _workbook(path)
    with zipfile.ZipFile(path) as container:
        parts = {entry.filename: container.read(entry) for entry in container.infolist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b"</sheetData>", b" " * 3_000_000 + b"</sheetData>")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in parts.items():
            container.writestr(name, content)
    size = len(parts[sheet]).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(size, (60_000).to_bytes(4, "little")))
    assert _night(town)[:2] == ("fehlgeschlagen", "zip_bomb")


def test_c1_a_utf_16_file_is_a_question_of_encoding_and_not_half_a_file(town: Town) -> None:
    _declare(town)
    town.deliver("inbox/a.csv", f"{HEAD}\nT1;01.06.2026;Sitzung;x\n", "utf-16")
    state, code, reason = _night(town)
    assert (state, code) == ("fehlgeschlagen", "undecodable")
    assert "nicht in utf-8" in reason and "UTF-16" in reason


def test_c22_an_empty_file_is_said_to_be_empty(town: Town) -> None:
    _declare(town)
    town.deliver("inbox/a.csv", "")
    assert "die Datei ist leer" in _night(town)[2]


def test_c6_a_file_with_a_control_total_is_whole_or_refused_wherever_it_is_cut(town: Town) -> None:
    rows = "".join(f"B{n};0{n}.06.2026;{n},50\r\n" for n in range(1, 6))
    whole = f"Beleg;Tag;Betrag\r\n{rows}Summe;17,50\r\n".encode("cp1252")
    town.declare(
        "kasse",
        """
kind = "files"
[[table]]
feeds = "booking"
path = "inbox/kasse.csv"
encoding = "cp1252"
columns = { booking_id = "Beleg", booked_on = "Tag", amount_eur = "Betrag" }
control_total = { column = "amount_eur", trailer = "Summe" }
[table.constants]
haushaltsjahr = 2026
plan_art = "ergebnisplan"
produkt = "111"
position_id = "P"
""",
    )
    for length in range(len(whole)):
        (town.folder / "inbox").mkdir(exist_ok=True)
        (town.folder / "inbox/kasse.csv").write_bytes(whole[:length])
        loaded = town.night("kasse")
        # Without its very last byte nothing that was said is missing.
        assert (loaded.state == "fehlgeschlagen") == (length < len(whole) - 1), (length, loaded)
    (town.folder / "inbox/kasse.csv").write_bytes(whole)
    assert town.night("kasse").published == 5


def test_what_many_files_have_in_common_is_told_once(town: Town) -> None:
    _declare(town)
    for number in range(60):
        text = f"{HEAD};Rest\nT{number};01.06.2026;Sitzung;x;y\n"
        town.deliver(f"inbox/{number:02d}.csv", text)
    told = [finding for connector in _files(town) for finding in connector.check()]
    assert [finding.what for finding in told] == ["nicht verwendete Spalten: Rest"]
    assert told[0].where == "inbox/00.csv und 59 weitere"
    assert [finding.what for finding in _landed(town).findings] == ["nicht verwendete Spalten: Rest"]


def test_a_refused_row_names_its_file(town: Town) -> None:
    _declare(town, more="allow_rejected = 0.5")
    town.deliver("inbox/mai.csv", f"{HEAD}\nT1;01.05.2026;Sitzung;x\n")
    town.deliver("inbox/juni.csv", f"{HEAD}\nT2;31.06.2026;Sitzung;x\n")
    assert town.night("termine").rejected == 1
    assert town.rows("SELECT file, line, reason_code FROM meta.rejected") == [("juni.csv", 2, "not_a_date")]


def test_a_fault_while_taking_over_costs_its_own_source_only(town: Town) -> None:
    _declare(town)
    town.deliver("inbox/a.csv", f"{HEAD}\nT1;01.06.2026;Sitzung;x\n")
    assert town.night("termine").published == 1
    landed = _landed(town)
    landed.deliveries[0].rows_path.write_bytes(b"no parquet")
    loaded = town.take_over("termine", landed)
    assert (loaded.state, loaded.reason_code) == ("fehlgeschlagen", "not_taken_over")
    assert town.rows("SELECT count(*) FROM stage.appointment") == [(1,)]


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, "disk_full"), (errno.EROFS, "not_writable"), (errno.EIO, "internal_error")],
)
def test_a_fault_of_the_disk_is_told_as_what_it_is(
    town: Town, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number), str(town.folder))

    _declare(town)
    town.deliver("inbox/a.csv", f"{HEAD}\nT1;01.06.2026;Sitzung;x\n")
    monkeypatch.setattr(landing_of_sources, "land", fail)
    failure = _landed(town).failure
    assert failure is not None and failure.code == code
    assert "Errno" not in failure.reason


def _spec(town: Town) -> SourceSpec:
    return town.spec("termine")


def _files(town: Town) -> Iterator[Files]:
    yield Files(_spec(town), _context(town), load_subjects(None))


def _context(town: Town) -> Context:
    return Context(town.folder, datetime(2026, 6, 9, 3, 15, tzinfo=UTC))


def _landed(town: Town) -> Landed:
    return land_source(_spec(town), _context(town), town.subjects, {}, town.folder / "landing", "run-x")


def test_refused_rows_are_kept_with_their_file_in_the_landing_zone(town: Town) -> None:
    _declare(town, more="allow_rejected = 0.5")
    town.deliver("inbox/juni.csv", f"{HEAD}\nT1;01.06.2026;a;x\nT2;31.06.2026;b;x\n")
    rows = pq.read_table(_landed(town).deliveries[0].rejected_path).to_pylist()
    assert [(row["file"], row["line"]) for row in rows] == [("juni.csv", 3)]


LIMITED = '[table.dates]\non_date = { from = 1900-01-01, until = "today" }\n'


def test_c11_days_a_source_cannot_mean_are_quarantined_by_its_own_rule(town: Town) -> None:
    days = ["31.12.1899", "01.01.1900", "08.06.2026", "09.06.2026", "01.01.9999", "01.06.0026"]
    rows = "".join(f"T{number};{day};Sitzung;x\n" for number, day in enumerate(days))
    town.deliver("inbox/a.csv", f"{HEAD}\n{rows}")
    _declare(town, more=f"allow_rejected = 0.9\n{LIMITED}")
    assert town.night("termine").published == 2
    assert town.rows("SELECT line, reason_code, raw FROM meta.rejected ORDER BY line") == [
        (2, "before_earliest", "31.12.1899"),
        (5, "after_latest", "09.06.2026"),
        (6, "after_latest", "01.01.9999"),
        (7, "before_earliest", "01.06.0026"),
    ]


def test_c11_without_a_rule_every_day_that_exists_counts(town: Town) -> None:
    town.deliver("inbox/a.csv", f"{HEAD}\nT1;31.12.1899;Sitzung;x\nT2;31.12.9999;Sitzung;x\n")
    _declare(town)
    assert town.night("termine").published == 2


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        ("dates = { title = { from = 1900-01-01 } }", "unknown_column"),
        ("dates = { wann = { from = 1900-01-01 } }", "unknown_column"),
        ("dates = { on_date = { } }", "invalid_value"),
        ('dates = { on_date = { until = "morgen" } }', "invalid_value"),
    ],
)
def test_limits_of_days_that_make_no_sense_are_refused_when_they_are_read(
    town: Town, limits: str, code: str
) -> None:
    _declare(town, more=limits)
    with pytest.raises(ConfigError) as caught:
        town.spec("termine")
    assert caught.value.code == code


def test_c12_less_than_nothing_is_quarantined_where_it_cannot_be(town: Town) -> None:
    town.declare(
        "antraege",
        """
kind = "files"
[[table]]
feeds = "application_month"
path = "inbox/a.csv"
allow_rejected = 0.5
""",
    )
    head = "procedure;org_unit_id;month;channel;applications"
    rows = "hund;FD20;01.05.2026;online;-1\nhund;FD20;01.06.2026;online;0\n"
    town.deliver("inbox/a.csv", f"{head}\n{rows}")
    assert town.night("antraege").published == 1
    assert town.rows("SELECT line, column_name, reason_code FROM meta.rejected") == [
        (2, "applications", "below_minimum")
    ]
