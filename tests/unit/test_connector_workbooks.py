"""Workbooks of the worst night: values only, errors and hidden content by declaration, bombs refused."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from connectors.formats.workbook.compound import BadCompoundError, compound_stream
from tests.posting_town import COLUMNS, PostingTown, accepted, refused
from tests.workbooks import (
    FIXTURES,
    date_cell,
    error_cell,
    forge_size,
    number_cell,
    read_container,
    row,
    text_cell,
    write_container,
    write_ods,
)
from warehouse.errors import ContractError

HEAD = ["Beleg", "Text", "Tag", "Betrag"]
XLSX = {"path": "inbox/x.xlsx", "format": "xlsx"}
XLS = {"path": "inbox/x.xls", "format": "xls"}
ODS = {"path": "inbox/x.ods", "format": "ods"}
SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def town(tmp_path: Path) -> PostingTown:
    return PostingTown(tmp_path)


def _xlsx(town: PostingTown, fill: Callable[[Any, Any], None], **options: Any) -> Path:
    path = town.folder / "inbox/x.xlsx"
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet("Bericht")
        sheet.write_row(0, 0, HEAD)
        fill(book, sheet)
    return path


def _ods(town: PostingTown, *rows: str, **sheets: list[str]) -> None:
    write_ods(town.folder / "inbox/x.ods", {"Bericht": [row(*(text_cell(h) for h in HEAD)), *rows], **sheets})


def _xls(town: PostingTown, name: str) -> None:
    shutil.copy(FIXTURES / name, town.folder / "inbox/x.xls")


def _refusal(town: PostingTown, **table: Any) -> ContractError:
    with pytest.raises(ContractError) as caught:
        town.rows(**table)
    return caught.value


def test_old_workbooks_arrive_with_values_days_and_leading_zeros(town: PostingTown) -> None:
    _xls(town, "plain.xls")
    assert accepted(town.land(**XLS))[0] == ("0101", "Gebühr 1 €", date(2026, 12, 1), Decimal("1000.25"))


def test_open_document_workbooks_arrive_with_values_days_and_leading_zeros(town: PostingTown) -> None:
    _ods(
        town,
        row(text_cell("0101"), text_cell("Gebühr €"), date_cell("2026-12-01"), number_cell("1000.25")),
        row(text_cell("0102"), text_cell("NA"), date_cell("2026-12-02"), number_cell("-0.5")),
    )
    assert accepted(town.land(**ODS)) == [
        ("0101", "Gebühr €", date(2026, 12, 1), Decimal("1000.25")),
        ("0102", "NA", date(2026, 12, 2), Decimal("-0.50")),
    ]


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_c14_dates_that_count_from_1904_are_the_same_days(town: PostingTown, kind: str) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(1, 0, ["0101", "a"])
        sheet.write_datetime(1, 2, datetime(2026, 12, 1), book.add_format({"num_format": "dd.mm.yyyy"}))

    if kind == "xlsx":
        _xlsx(town, fill, date_1904=True)
    else:
        _xls(town, "dates_1904.xls")
    table = XLSX if kind == "xlsx" else XLS
    assert accepted(town.land(**table))[0][2] == date(2026, 12, 1)


def test_c14_a_formula_gives_its_value_and_a_text_that_looks_like_one_stays_text(town: PostingTown) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_string(1, 0, "=cmd|'/c calc'!A1")
        sheet.write_formula(1, 3, "=2*0.05", None, 0.1)
        sheet.write_formula(2, 0, '="A"&"1"', None, "A1")

    _xlsx(town, fill)
    assert [(r["posting_id"], r["amount_eur"]) for r in town.rows(**XLSX)] == [
        ("=cmd|'/c calc'!A1", "0.1"),
        ("A1", None),
    ]


def test_c14_merged_cells_say_their_value_once_and_the_rest_is_empty(town: PostingTown) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.merge_range(1, 1, 2, 1, "Amt 10")
        sheet.write(1, 0, "1")
        sheet.write(2, 0, "2")

    _xlsx(town, fill)
    assert [r["label"] for r in town.rows(**XLSX)] == ["Amt 10", None]
    assert [r["label"] for r in town.rows(**XLSX, fill_down=["Text"])] == ["Amt 10", "Amt 10"]


def test_c14_cached_errors_are_quarantined_in_every_kind_of_workbook(town: PostingTown) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write(1, 0, "1")
        sheet.write_formula(1, 3, "=A9", None, "#REF!")

    _xlsx(town, fill)
    assert refused(town.land(**XLSX)) == [(2, "Betrag", "error_cell")]
    _ods(town, row(text_cell("1"), text_cell("a"), date_cell("2026-12-01"), error_cell("#DIV/0!")))
    assert refused(town.land(**ODS)) == [(2, "Betrag", "error_cell")]
    _xls(town, "faults.xls")
    delivery = town.land(**XLS, hidden="read")
    assert refused(delivery) == [(2, "Betrag", "error_cell"), (3, "Betrag", "error_cell")]
    assert delivery.accepted == 1


def test_c14_errors_of_older_open_documents_are_known_by_their_text(town: PostingTown) -> None:
    formula = ' table:formula="of:=1/0"'
    _ods(
        town,
        row(text_cell("1"), text_cell("Err:502", formula)),
        row(text_cell("2"), text_cell("#NV", formula)),
        row(text_cell("3"), text_cell("Err:502")),
    )
    delivery = town.land(**ODS)
    assert [line for line, _, code in refused(delivery) if code == "error_cell"] == [2, 3]
    assert [r[1] for r in accepted(delivery)] == ["Err:502"]


def _hidden_rows(town: PostingTown, kind: str) -> dict[str, Any]:
    if kind == "xls":
        _xls(town, "faults.xls")
        return {**XLS, "columns": {"posting_id": "Beleg"}}
    if kind == "ods":
        _ods(
            town,
            row(text_cell("1")),
            row(text_cell("2")),
            row(text_cell("3"), more=' table:visibility="filter"'),
        )
        return {**ODS, "columns": {"posting_id": "Beleg"}}

    def fill(book: Any, sheet: Any) -> None:
        sheet.write_column(1, 0, ["1", "2", "3"])
        sheet.set_row(3, None, None, {"hidden": True})

    _xlsx(town, fill)
    return {**XLSX, "columns": {"posting_id": "Beleg"}}


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_c14_hidden_rows_are_refused_until_somebody_says_what_they_mean(town: PostingTown, kind: str) -> None:
    table = _hidden_rows(town, kind)
    error = _refusal(town, **table)
    assert error.code == "hidden_content"
    assert error.found == "Zeile 4" and "hidden" in str(error.next_step)
    assert len(town.rows(**table, hidden="read")) == 3
    assert len(town.rows(**table, hidden="skip")) == 2


def test_c14_hidden_sheets_are_no_part_of_a_delivery_unless_declared(town: PostingTown) -> None:
    def fill(book: Any, sheet: Any) -> None:
        notes = book.add_worksheet("Notizen")
        notes.write_row(0, 0, HEAD)
        notes.write(1, 0, "intern")
        notes.activate()
        sheet.hide()

    _xlsx(town, fill)
    assert [r["posting_id"] for r in town.rows(**XLSX)] == ["intern"]
    assert _refusal(town, **XLSX, sheet="Bericht").code == "hidden_content"
    assert town.rows(**XLSX, sheet="Bericht", hidden="read") == []


def test_c10_a_bare_serial_number_is_no_date(town: PostingTown) -> None:
    _xlsx(town, lambda book, sheet: sheet.write_row(1, 0, ["1", "a", 46357]))
    assert refused(town.land(**XLSX)) == [(2, "booked_on", "not_a_date")]


@pytest.mark.parametrize(
    ("content", "declared", "said"),
    [
        (b"MZ\x90\x00\x03" + b"\x00" * 99, "xlsx", "Windows-Programm"),
        (b"\x7fELF\x02", "ods", "Linux-Programm"),
        (b"%PDF-1.7", "xls", "PDF"),
        (b"<html><table><tr><td>1</td></tr></table>", "xls", "HTML"),
        (b"Beleg;Betrag\n1;2\n", "xlsx", "Textdatei"),
    ],
)
def test_c15_a_renamed_file_is_called_what_it_is(
    town: PostingTown, content: bytes, declared: str, said: str
) -> None:
    (town.folder / f"inbox/x.{declared}").write_bytes(content)
    error = _refusal(town, path=f"inbox/x.{declared}", format=declared)
    assert error.code == "not_the_declared_format" and said in str(error.found)


def test_c15_a_workbook_of_another_kind_is_told_with_the_setting_that_would_read_it(
    town: PostingTown,
) -> None:
    _xls(town, "plain.xls")
    error = _refusal(town, path="inbox/x.xls", format="xlsx")
    assert error.code == "not_the_declared_format"
    assert "XLS-Arbeitsmappe" in str(error.found) and "„xls“" in str(error.next_step)


@pytest.mark.parametrize(
    ("fixture", "name", "kind"), [("plain.xls", "x.xlsx", "xls"), ("plain.xls", "x.dat", "xls")]
)
def test_c15_the_ending_of_a_name_says_nothing(town: PostingTown, fixture: str, name: str, kind: str) -> None:
    shutil.copy(FIXTURES / fixture, town.folder / "inbox" / name)
    assert len(town.rows(path=f"inbox/{name}", format=kind)) == 3


def test_c15_a_table_of_text_is_not_taken_for_one_when_it_is_a_workbook(town: PostingTown) -> None:
    _xlsx(town, lambda book, sheet: None)
    error = _refusal(town, path="inbox/x.xlsx")
    assert error.code == "not_the_declared_format" and "Arbeitsmappe" in str(error.found)


def test_c15_passwords_binary_workbooks_and_other_documents_are_refused_by_name(town: PostingTown) -> None:
    path = town.folder / "inbox/x.xlsx"
    shutil.copy(FIXTURES / "protected.xlsx", path)
    error = _refusal(town, **XLSX)
    assert "Kennwort" in str(error.found) and "ohne Kennwort" in str(error.next_step)
    write_container(path, {"xl/workbook.bin": b"x"})
    assert "XLSB" in str(_refusal(town, **XLSX).found)
    write_container(path, {"word/document.xml": b"x"})
    assert "Word" in str(_refusal(town, **XLSX).found)


def test_c15_an_old_workbook_under_a_password_is_refused_as_that(town: PostingTown) -> None:
    content = (FIXTURES / "plain.xls").read_bytes()
    # The record that says who wrote the file becomes the one that says how it is encrypted.
    writer = content.index(b"\x5c\x00\x70\x00")
    (town.folder / "inbox/x.xls").write_bytes(content[:writer] + b"\x2f\x00" + content[writer + 2 :])
    error = _refusal(town, **XLS)
    assert error.code == "not_the_declared_format" and "Kennwort" in str(error.found)


def test_c20_a_part_that_unpacks_to_more_than_the_directory_says_is_refused(town: PostingTown) -> None:
    path = _xlsx(town, lambda book, sheet: sheet.write(1, 0, "1"))
    parts = read_container(path)
    parts[SHEET] = parts[SHEET].replace(b"</sheetData>", b" " * 900_000 + b"</sheetData>")
    write_container(path, parts)
    forge_size(path, len(parts[SHEET]), 60_000)
    error = _refusal(town, **XLSX)
    assert error.code == "zip_bomb" and "größer, als das Verzeichnis angibt" in str(error.found)


def test_c20_a_part_that_unpacks_to_less_than_the_directory_says_is_damaged(town: PostingTown) -> None:
    path = _xlsx(town, lambda book, sheet: sheet.write(1, 0, "1"))
    size = len(read_container(path)[SHEET])
    forge_size(path, size, size + 1000)
    assert _refusal(town, **XLSX).code == "half_file"


def test_c20_too_many_parts_too_much_in_them_and_archives_in_archives_are_refused(town: PostingTown) -> None:
    path = town.folder / "inbox/x.xlsx"
    write_container(path, {f"xl/{number}": b"" for number in range(2001)})
    assert "2001 Teile" in str(_refusal(town, **XLSX).found)
    write_container(path, {"xl/workbook.xml": b"x" * 30_000_000})
    assert "Verhältnis" in str(_refusal(town, **XLSX).found)
    _xlsx(town, lambda book, sheet: None)
    inner = path.read_bytes()
    write_container(path, {**read_container(path), "xl/embeddings/anlage.xlsx": inner})
    error = _refusal(town, **XLSX)
    assert error.code == "zip_bomb" and "Archiv im Archiv" in str(error.found)


def test_c20_a_few_bytes_of_an_open_document_do_not_become_a_billion_cells(town: PostingTown) -> None:
    much = ' table:number-rows-repeated="1048576"'
    _ods(town, row(number_cell("1", ' table:number-columns-repeated="16384"'), more=much))
    error = _refusal(town, **ODS)
    assert error.code == "too_large" and "1048577 Zeilen mal 16384 Spalten" in str(error.found)


def test_empty_rows_repeated_to_the_end_of_a_sheet_do_no_harm(town: PostingTown) -> None:
    _ods(
        town,
        row(text_cell("1")),
        row("<table:table-cell/>", more=' table:number-rows-repeated="1048574"'),
    )
    assert [r["posting_id"] for r in town.rows(**ODS)] == ["1"]


def test_c18_entities_in_an_open_document_are_refused_without_opening_anything(town: PostingTown) -> None:
    _ods(town, row(text_cell("1")))
    path = town.folder / "inbox/x.ods"
    parts = read_container(path)
    content = parts["content.xml"].decode()
    content = content.replace("?>", '?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>', 1)
    write_container(path, {**parts, "content.xml": content.replace("<text:p>1<", "<text:p>&a;<")})
    assert _refusal(town, **ODS).code == "not_the_declared_format"


def test_c21_names_inside_a_workbook_never_become_files(town: PostingTown, tmp_path: Path) -> None:
    path = _xlsx(town, lambda book, sheet: sheet.write(1, 0, "1"))
    evil = {"../../evil.txt": b"x", "/tmp/evil.txt": b"x", "C:\\evil.txt": b"x", "CON": b"x", "n" * 300: b"x"}
    write_container(path, {**read_container(path), **evil})
    before = sorted(tmp_path.rglob("*"))
    assert [r["posting_id"] for r in town.rows(**XLSX)] == ["1"]
    assert sorted(tmp_path.rglob("*")) == before
    assert not Path("/tmp/evil.txt").exists()


@pytest.mark.parametrize("at", [0, 44, 48, 60, 68, 76, 512, 600, 1024, 1536, 2048, 4608])
@pytest.mark.parametrize("junk", [b"\x00" * 4, b"\xff" * 4, b"\x01\x00\x00\x00", b"\x10\x27\x00\x00"])
def test_a_damaged_old_workbook_is_read_or_refused_and_never_crashes(
    town: PostingTown, at: int, junk: bytes
) -> None:
    content = (FIXTURES / "plain.xls").read_bytes()
    (town.folder / "inbox/x.xls").write_bytes(content[:at] + junk + content[at + 4 :])
    try:
        town.rows(**XLS)
    except ContractError as error:
        assert error.code in ("not_the_declared_format", "half_file", "missing_column", "blank_header")


def test_a_chain_of_sectors_that_bites_its_tail_ends(town: PostingTown) -> None:
    content = bytearray((FIXTURES / "plain.xls").read_bytes())
    fat = (int.from_bytes(content[76:80], "little") + 1) * 512
    directory = int.from_bytes(content[48:52], "little")
    content[fat + 4 * directory : fat + 4 * directory + 4] = directory.to_bytes(4, "little")
    with pytest.raises(BadCompoundError):
        compound_stream(bytes(content), ("Workbook",))


def test_columns_beside_the_table_are_told_and_not_read(town: PostingTown) -> None:
    _xlsx(town, lambda book, sheet: sheet.write_row(1, 0, ["1", "a", None, 2.5, "Bemerkung ohne Kopf"]))
    assert refused(town.land(**XLSX, columns=COLUMNS)) == [(2, None, "extra_field")]
