"""German files as they come: nothing is guessed, nothing is shifted, nothing incomplete gets in."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import time_machine
import xlsxwriter

from connectors.formats.steps import negate
from connectors.formats.workbook.container import check_container
from tests.posting_town import AS_OF, COLUMNS, HEADER, PostingTown, accepted, refused
from warehouse.errors import ConfigError, ContractError, RetriableError
from warehouse.textformat import TextFormat, parse_number


@pytest.fixture
def town(tmp_path: Path) -> PostingTown:
    return PostingTown(tmp_path)


def test_a_cp1252_export_with_euro_umlaut_and_decimal_comma_arrives_exactly(town: PostingTown) -> None:
    town.deliver(HEADER + "0100;Gebühr in €;31.12.2026;1.234,56\r\n")

    assert accepted(town.land()) == [("0100", "Gebühr in €", date(2026, 12, 31), Decimal("1234.56"))]


def test_c3_c4_leading_zeros_long_ids_and_the_text_na_stay_what_they_are(town: PostingTown) -> None:
    town.deliver(HEADER + "01004000;NA;;\r\n9007199254740993;None;;\r\n")
    assert [row[:2] for row in accepted(town.land())] == [("01004000", "NA"), ("9007199254740993", "None")]


def test_c10_a_day_that_does_not_exist_is_refused_with_line_and_column(town: PostingTown) -> None:
    town.deliver(HEADER + "1;a;28.02.2026;1,00\r\n2;b;31.02.2026;1,00\r\n")
    delivery = town.land()
    assert refused(delivery) == [(3, "booked_on", "not_a_date")]
    assert (delivery.read, delivery.accepted, delivery.rejected) == (2, 1, 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_c1_a_byte_order_mark_is_not_part_of_the_first_column(town: PostingTown, encoding: str) -> None:
    town.deliver("\ufeff" + HEADER + "1;ü;;\n", encoding="utf-8")
    assert [row["posting_id"] for row in town.rows(encoding=encoding)] == ["1"]


def test_c1_utf_16_is_read_when_it_is_declared(town: PostingTown) -> None:
    town.deliver(HEADER + "1;ü;;1,5\r\n", encoding="utf-16")
    assert town.rows(encoding="utf-16")[0]["label"] == "ü"


def test_c9_composed_and_decomposed_umlauts_name_the_same_column(town: PostingTown) -> None:
    town.deliver("Beleg;Gebu\u0308hr\n1;2,00\n", encoding="utf-8")
    rows = town.rows(encoding="utf-8", columns={"posting_id": "Beleg", "amount_eur": "Gebühr"})
    assert rows[0]["amount_eur"] == "2,00"


def test_c5_one_row_too_long_or_too_short_is_refused_and_shifts_nothing(town: PostingTown) -> None:
    town.deliver(HEADER + "1;a;;1,00\r\n2;b;x;;2,00\r\n3;c\r\n4;d;;4,00\r\n")
    delivery = town.land()
    assert refused(delivery) == [(3, None, "extra_field"), (4, None, "missing_field")]
    assert [(row[0], row[3]) for row in accepted(delivery)] == [
        ("1", Decimal("1.00")),
        ("4", Decimal("4.00")),
    ]


def test_c1_an_undecodable_byte_costs_its_row_only(town: PostingTown) -> None:
    town.deliver(HEADER.encode() + b"1;gut;;\r\n2;kaputt \x81;;\r\n3;auch gut;;\r\n")
    delivery = town.land()
    assert refused(delivery) == [(3, None, "undecodable")]
    assert [row[0] for row in accepted(delivery)] == ["1", "3"]


def test_c16_a_nul_byte_costs_its_row_only(town: PostingTown) -> None:
    town.deliver(HEADER + "1;a\x00b;;\r\n2;c;;\r\n")
    assert refused(town.land()) == [(2, None, "undecodable")]


def test_a_text_over_two_lines_keeps_the_line_numbers_right(town: PostingTown) -> None:
    town.deliver(HEADER + '1;"erste\r\nzweite";;1,00\r\n2;b;;k. A.\r\n')
    assert refused(town.land()) == [(4, "amount_eur", "not_a_number")]


@pytest.mark.parametrize("lost", range(2, 28))
def test_c6_a_file_cut_anywhere_in_its_last_line_is_refused(town: PostingTown, lost: int) -> None:
    whole = HEADER + "1;a;01.01.2026;1,00\r\n2;bbbbb;02.01.2026;1234,56\r\n"
    town.deliver(whole[:-lost])
    with pytest.raises(ContractError) as caught:
        town.rows()
    assert caught.value.code == "half_file"


def test_a_missing_last_line_end_can_be_declared_harmless(town: PostingTown) -> None:
    town.deliver(HEADER + "1;a;;1,00")
    assert len(town.rows(require_newline=False)) == 1


def test_c16_a_quotation_mark_that_never_closes_is_a_half_file(town: PostingTown) -> None:
    town.deliver(HEADER + '1;"a;;1,00\r\n2;b;;2,00\r\n')
    with pytest.raises(ContractError) as caught:
        town.rows()
    assert caught.value.code == "half_file"


def test_c22_a_header_alone_is_an_empty_delivery(town: PostingTown) -> None:
    town.deliver(HEADER)
    assert town.land().read == 0


def test_c22_an_empty_file_is_no_delivery(town: PostingTown) -> None:
    town.deliver("")
    with pytest.raises(ContractError) as caught:
        town.rows()
    assert caught.value.code == "half_file"


@pytest.mark.parametrize(
    ("header", "code", "named"),
    [
        ("Beleg;Text;Text;Betrag", "duplicate_header", "Text"),
        ("Beleg;;Tag;Betrag", "blank_header", "Spalte 2"),
    ],
)
def test_c9_repeated_and_blank_column_names_are_refused_by_name(
    town: PostingTown, header: str, code: str, named: str
) -> None:
    town.deliver(header + "\r\n1;a;;\r\n")
    with pytest.raises(ContractError) as caught:
        town.rows()
    assert caught.value.code == code
    assert named in str(caught.value)


def test_a_renamed_column_is_named_with_the_file_and_what_comes_near(town: PostingTown) -> None:
    town.deliver("Beleg;Text;Tag;Betrag EUR\r\n1;a;;1,00\r\n")
    with pytest.raises(ContractError) as caught:
        town.rows()
    assert caught.value.code == "missing_column"
    assert caught.value.where == "inbox/x.csv"
    assert "„Betrag“" in caught.value.what
    assert "Betrag EUR" in str(caught.value.next_step)


def test_a_new_column_is_ignored_and_told(town: PostingTown) -> None:
    town.deliver("Beleg;Text;Tag;Betrag;Neu\r\n1;a;;1,00;x\r\n")
    reading = town.read()
    (batch,) = reading.batches
    assert "Neu" not in batch.schema.names
    assert [finding.code for finding in reading.findings] == ["extra_column"]
    assert "Neu" in reading.findings[0].what


def test_the_header_may_stand_below_a_title(town: PostingTown) -> None:
    town.deliver("Kassenbericht\r\nStand 31.05.\r\n" + HEADER + "1;a;;x\r\n")
    assert refused(town.land(header_row=3)) == [(4, "amount_eur", "not_a_number")]


def test_constants_map_sign_and_skipped_subtotals_shape_the_rows(town: PostingTown) -> None:
    town.deliver("Art;Betrag\r\nGebühr;1.000,50\r\nSumme;1.000,50\r\nAndere;-2,00\r\nOhne;\r\n")
    rows = town.rows(
        columns={"label": "Art", "amount_eur": "Betrag"},
        constants={"posting_id": "007", "done": True},
        map={"label": {"Gebühr": "gebuehr"}},
        sign={"amount_eur": -1},
        skip_rows_where={"label": ["Summe"]},
    )
    assert [(r["posting_id"], r["label"], r["amount_eur"], r["done"]) for r in rows] == [
        ("007", "gebuehr", "-1.000,50", "ja"),
        ("007", "Andere", "2,00", "ja"),
        ("007", "Ohne", "", "ja"),
    ]


def _wide(drop_empty: bool) -> dict[str, Any]:
    columns = [
        {"from": "2025", "set": {"label": "2025"}},
        {"from": "2026", "set": {"label": "2026"}, "sign": -1},
    ]
    unpivot = {"into": "amount_eur", "columns": columns, "drop_empty": drop_empty}
    return {"columns": {"posting_id": "Beleg"}, "unpivot": unpivot}


@pytest.mark.parametrize(("drop_empty", "count"), [(False, 4), (True, 3)])
def test_a_wide_table_becomes_long_and_unknown_is_not_zero(
    town: PostingTown, drop_empty: bool, count: int
) -> None:
    town.deliver("Beleg;2025;2026\r\n1;10,00;20,00\r\n2;;5,00\r\n")
    rows = town.rows(**_wide(drop_empty))
    assert len(rows) == count
    assert [(r["_line"], r["label"], r["amount_eur"]) for r in rows if r["amount_eur"]] == [
        (2, "2025", "10,00"), (2, "2026", "-20,00"), (3, "2026", "-5,00"),
    ]  # fmt: skip


def _total(**control: Any) -> dict[str, Any]:
    return {"control_total": control}


BODY = HEADER + "1;a;;1.000,10\r\n2;b;;-0,10\r\n"


@pytest.mark.parametrize(
    ("trailer", "control"),
    [
        ("Summe;;;1.000,00\r\n", {"column": "amount_eur", "trailer": "Summe"}),
        ("Summe;1.000,00\r\n", {"column": "amount_eur", "trailer": "Summe"}),
        ("Ende;2;1000,00\r\n", {"column": "amount_eur", "trailer": "Ende", "rows": True}),
        ("Ende;2\r\n", {"trailer": "Ende", "rows": True}),
    ],
)
def test_a_trailer_that_agrees_lets_the_file_in_and_is_no_row(
    town: PostingTown, trailer: str, control: dict[str, Any]
) -> None:
    town.deliver(BODY + trailer)
    assert [row["posting_id"] for row in town.rows(**_total(**control))] == ["1", "2"]


@pytest.mark.parametrize(
    ("ending", "code"),
    [
        ("Summe;;;1.000,01\r\n", "control_total_mismatch"),
        ("", "half_file"),
        ("Summe\r\n", "control_total_mismatch"),
    ],
)
def test_c6_a_missing_or_contradicting_trailer_refuses_the_whole_file(
    town: PostingTown, ending: str, code: str
) -> None:
    town.deliver(BODY + ending)
    with pytest.raises(ContractError) as caught:
        town.rows(**_total(column="amount_eur", trailer="Summe"))
    assert caught.value.code == code


def test_a_fixed_total_is_compared_over_all_files(town: PostingTown) -> None:
    town.deliver(BODY, "x1.csv")
    town.deliver(BODY, "x2.csv")
    assert len(town.rows(path="inbox/x*.csv", **_total(column="amount_eur", value="2000.00"))) == 4
    with pytest.raises(ContractError) as caught:
        town.rows(path="inbox/x*.csv", **_total(column="amount_eur", value="1000.00"))
    assert caught.value.code == "control_total_mismatch"


def test_c21_a_path_out_of_the_city_folder_is_refused(town: PostingTown) -> None:
    with pytest.raises(ConfigError) as caught:
        town.rows(path="../geheim.csv")
    assert caught.value.code == "outside_city"


def test_c21_a_link_out_of_the_city_folder_is_refused(
    town: PostingTown, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("elsewhere") / "y.csv"
    outside.write_text(BODY)
    (town.folder / "inbox/x.csv").symlink_to(outside)
    with pytest.raises(ConfigError) as caught:
        town.rows(path="inbox/*.csv")
    assert caught.value.code == "outside_city"


def test_no_file_means_the_source_is_down(town: PostingTown) -> None:
    with pytest.raises(RetriableError) as caught:
        town.rows()
    assert caught.value.code == "unreachable"


def test_c7_a_warm_file_is_left_alone_until_it_has_settled(town: PostingTown) -> None:
    path = town.deliver(BODY)
    with pytest.raises(RetriableError) as caught:
        town.rows(settle_seconds=60)
    assert caught.value.code == "file_not_settled"
    with time_machine.travel(path.stat().st_ctime + 61, tick=False):
        assert len(town.rows(settle_seconds=60)) == 2


def test_c7_a_file_replaced_while_it_is_read_is_refused(town: PostingTown) -> None:
    path = town.deliver(BODY)
    batches = iter(town.read().batches)
    path.write_text(BODY + "3;c;;1,00\r\n")
    with pytest.raises(RetriableError) as caught:
        list(batches)
    assert caught.value.code == "file_changing"


def test_the_file_name_states_the_datenstand_and_the_newest_file_can_be_picked(town: PostingTown) -> None:
    town.deliver(HEADER + "1;alt;;\r\n", "k_2026-05-31.csv")
    town.deliver(HEADER + "2;neu;;\r\n", "k_2026-06-07.csv")
    declared = {"path": "inbox/k_*.csv", "as_of_pattern": r"_(\d{4}-\d{2}-\d{2})\.csv$"}
    reading = town.read(pick="newest", **declared)
    assert reading.as_of.isoformat() == "2026-06-07T00:00:00+02:00"
    assert [row["label"] for row in town.rows(pick="newest", **declared)] == ["neu"]
    assert [row["label"] for row in town.rows(**declared)] == ["alt", "neu"]


def test_without_a_stated_day_the_file_time_counts_but_never_the_future(town: PostingTown) -> None:
    path = town.deliver(BODY)
    day = AS_OF - timedelta(days=3)
    os.utime(path, (day.timestamp(),) * 2)
    assert town.read().as_of == day
    os.utime(path, ((AS_OF + timedelta(days=1)).timestamp(),) * 2)
    assert town.read().as_of == AS_OF


def test_check_answers_with_findings_and_never_with_an_exception(town: PostingTown) -> None:
    assert [finding.code for finding in town.connector().check()] == ["unreachable"]
    town.deliver(BODY)
    assert town.connector().check() == []
    town.deliver("Beleg;Text\r\n")
    assert [finding.code for finding in town.connector().check()] == ["missing_column"]


def _workbook(path: Path, fill: Callable[[Any, Any], None]) -> None:
    book = xlsxwriter.Workbook(path)
    fill(book, book.add_worksheet("Bericht"))
    book.close()


XLSX = {"path": "inbox/x.xlsx", "format": "xlsx", "sheet": "Bericht"}


def test_workbook_cells_arrive_as_exact_text(town: PostingTown) -> None:
    def fill(book: Any, sheet: Any) -> None:
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        sheet.write_row(0, 0, ["Beleg", "Text", "Tag", "Betrag"])
        sheet.write_row(1, 0, ["0100", "NA"])
        sheet.write_datetime(1, 2, datetime(2026, 12, 31), day)
        sheet.write_formula(1, 3, "=0.1+0.2", None, 0.30000000000000004)
        sheet.write_row(2, 0, [7, None, None, 1234567.25])

    _workbook(town.folder / "inbox/x.xlsx", fill)
    rows = town.rows(**XLSX)
    assert [[row[name] for name in COLUMNS] for row in rows] == [
        ["0100", "NA", "2026-12-31", "0.3"],
        ["7", None, None, "1234567.25"],
    ]
    assert town.land(**XLSX).accepted == 2


def test_texts_in_a_workbook_are_read_as_declared_beside_real_dates(town: PostingTown) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["Beleg", "Text", "Tag", "Betrag"])
        sheet.write_row(1, 0, ["1", "a", "31.12.2026", "1.234,50"])
        sheet.write_row(2, 0, ["2", "b"])
        sheet.write_datetime(2, 2, datetime(2026, 12, 31), book.add_format({"num_format": "dd.mm.yyyy"}))
        sheet.write(2, 3, 1234.5)

    _workbook(town.folder / "inbox/x.xlsx", fill)
    one, two = accepted(town.land(**XLSX, text={"date": "%d.%m.%Y"}))
    assert one[2:] == two[2:]


def test_c14_an_error_cell_is_quarantined_and_not_taken_for_empty(town: PostingTown) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["Beleg", "Text", "Tag", "Betrag", "Rest"])
        sheet.write(1, 0, "1")
        sheet.write_formula(1, 3, "=1/0", None, "#DIV/0!")
        sheet.write(2, 0, "2")
        sheet.write_formula(2, 4, "=1/0", None, "#DIV/0!")

    _workbook(town.folder / "inbox/x.xlsx", fill)
    delivery = town.land(**XLSX)
    assert refused(delivery) == [(2, "Betrag", "error_cell")]
    assert [row[0] for row in accepted(delivery)] == ["2"]


def test_a_missing_sheet_is_named_with_the_sheets_there_are(town: PostingTown) -> None:
    _workbook(town.folder / "inbox/x.xlsx", lambda book, sheet: None)
    with pytest.raises(ContractError) as caught:
        town.rows(**{**XLSX, "sheet": "Berichte"})
    assert caught.value.code == "missing_sheet"
    assert "„Bericht“" in str(caught.value.next_step)


def test_c20_a_workbook_that_would_burst_is_refused_by_its_directory(town: PostingTown) -> None:
    path = town.folder / "inbox/x.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr("xl/worksheets/sheet1.xml", b"0" * 20_000_000)
    with pytest.raises(ContractError) as caught:
        check_container(path, "x")
    assert caught.value.code == "zip_bomb"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"MZ\x90", "not_the_declared_format"),
        (b"\xd0\xcf\x11\xe0", "not_the_declared_format"),
        (b"PK\x03\x04half", "half_file"),
    ],
)
def test_c15_what_is_no_workbook_is_refused_by_content(town: PostingTown, content: bytes, code: str) -> None:
    town.deliver(content, "x.xlsx")
    with pytest.raises(ContractError) as caught:
        town.rows(**XLSX)
    assert caught.value.code == code


JSON = {"path": "inbox/x.json", "format": "json", "encoding": "utf-8", "records": "a.b"}
JSON_COLUMNS = {"posting_id": "id", "amount_eur": "sum.eur"}


def test_json_amounts_never_become_floating_point(town: PostingTown) -> None:
    document = (
        '{"a": {"b": [{"id": "01", "sum": {"eur": 90071992547409.93}}, {"id": 2, "sum": {"eur": null}}]}}'
    )
    town.deliver(document, "x.json", "utf-8")
    rows = town.rows(**JSON, columns=JSON_COLUMNS)
    assert [(row["posting_id"], row["amount_eur"]) for row in rows] == [
        ("01", "90071992547409.93"),
        ("2", None),
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ('{"a": {"b": [{"id": "1"', "half_file"),
        ('{"a": {"b": [{"id": }]}}', "malformed_file"),
        ('{"a": {"b": [{"id": NaN}]}}', "malformed_file"),
        ('{"a": {"b": [{"id": 1, "id": 2}]}}', "malformed_file"),
        ('{"a": {"c": []}}', "missing_records"),
        ("<html>Fehler</html>", "not_the_declared_format"),
        ("[" * 100_000, "malformed_file"),
    ],
)
def test_broken_json_is_refused_with_its_reason(town: PostingTown, content: str, code: str) -> None:
    town.deliver(content, "x.json", "utf-8")
    with pytest.raises(ContractError) as caught:
        town.rows(**JSON, columns={"posting_id": "id"})
    assert caught.value.code == code


def test_json_with_nested_content_keeps_it_as_text(town: PostingTown) -> None:
    town.deliver(json.dumps({"a": {"b": [{"id": "1", "tags": ["ä", 1]}]}}), "x.json", "utf-8")
    assert town.rows(**JSON, columns={"posting_id": "id", "label": "tags"})[0]["label"] == '["ä", 1]'


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1,50", "-1,50"),
        ("-1,50", "1,50"),
        ("+3", "-3"),
        (" 4 ", "-4"),
        ("k. A.", "k. A."),
        ("", ""),
        (None, None),
    ],
)
def test_turning_a_sign_never_invents_a_number(value: str | None, expected: str | None) -> None:
    assert negate(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [("1.234,50", Decimal("1234.50")), ("", None), ("k. A.", None), ("NaN", None)]
)
def test_a_control_total_reads_numbers_as_declared(value: str, expected: Decimal | None) -> None:
    assert parse_number(value, TextFormat()) == expected
