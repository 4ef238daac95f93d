"""Texts of tables become figures and days where they are such, and never anything a spreadsheet executes."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from dash import html

from dashboard import formats
from dashboard.export.cells import Cell, cell, harmless, technical_names
from dashboard.export.csv_text import csv_bytes
from dashboard.export.dialect import DIALECTS
from dashboard.export.facts import Facts, file_name
from dashboard.export.view import Card, slug
from dashboard.export.workbook import xlsx_bytes
from dashboard.figures.chart import TableData, columns
from dashboard.page import Page

PAYLOADS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\x00=1+1",
    " =1+1",
    '"=1+1',
    "'=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("https://fremd.example")',
    "a;=1+1",
    'a";=1+1',
    "a\n=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    "\ufeff=1+1",
    "|calc",
    "%0A=1+1",
    "https://fremd.example/",
    "-2+3+cmd|' /C calc'!A0",
    "\u2212=1",
)
LATE = datetime(2026, 6, 9, 12, 30, tzinfo=UTC)


def _facts(**changes: Any) -> Facts:
    given: dict[str, Any] = {
        "city": "Kleinstadt", "product": "Steuerungsportal", "page": "OZG-Fortschritt", "address": "/ozg",
        "filters": (("Themenfeld", "alle"), ("Stichtag", "09.06.2026")), "day": date(2026, 6, 9),
        "stand": "09.06.2026, 03:15 Uhr", "run": "L1", "snapshot": "S1", "viewer": "K. Probe",
        "made_at": LATE,
        "zone": ZoneInfo("Europe/Berlin"), "example": "Beispieldaten",
        "catalog": cast("Any", SimpleNamespace(metrics={})),
    }  # fmt: skip
    return Facts(**{**given, **changes})


def _card(table: TableData, title: str = "Titel") -> Card:
    return Card("karte", title, "Untertitel", (), (), (table,), "Fuß", (), html.Div())


def _read_csv(table: TableData) -> list[list[str]]:
    text = csv_bytes(table).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def _book(table: TableData) -> Any:
    return openpyxl.load_workbook(io.BytesIO(xlsx_bytes(_card(table), _facts())))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_i8_no_text_begins_as_a_formula_in_csv(payload: str) -> None:
    (_, row) = _read_csv(TableData("T", columns("Name", "Wert"), ((payload, "5"),)))
    assert len(row) == 2, "no text opens another field"
    bare = row[0].lstrip(' "\ufeff\u00a0')
    assert bare[:1] not in set("=+-@\t\r|%＝＋－＠")
    assert "\n" not in row[0] and "\x00" not in row[0]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_i8_a_workbook_holds_texts_as_texts_without_formula_and_link(payload: str) -> None:
    book = _book(TableData("T", columns("Name", payload), ((payload, "5"),), (payload, payload)))
    cells = [c for sheet in book.worksheets for row in sheet.iter_rows() for c in row if c.value is not None]
    assert cells and {c.data_type for c in cells} <= {"s", "n", "d"}
    assert [c for c in cells if c.hyperlink] == []


def test_i8_negative_figures_stay_figures() -> None:
    table = TableData("T", columns("Name", "Wert"), (("a", formats.eur(-22670)), ("b", "\u22125,5")))
    assert [row[1] for row in _read_csv(table)[1:]] == ["-22670", "-5,5"]
    sheet = _book(table)["Daten"]
    assert [sheet["B2"].value, sheet["B3"].value] == [-22670, -5.5]


@pytest.mark.parametrize(
    ("text", "value", "pattern"),
    [
        (formats.percent(Decimal("0.39306")), Decimal("0.39306"), "#,##0.0\u00a0%"),
        (formats.number(1557), 1557, "#,##0"),
        (formats.thousand_eur(986_400), 986_400, '#,##0,"\u00a0T€"'),
        (formats.day(date(2026, 6, 9)), date(2026, 6, 9), "dd.mm.yyyy"),
        (formats.month(date(2026, 7, 1)), date(2026, 7, 1), "mm/yyyy"),
        ("1.557", 1557, "#,##0"),
        ("39,3\u00a0%", Decimal("0.393"), "#,##0.0\u00a0%"),
        ("+62", 62, "+#,##0;-#,##0;#,##0"),
        ("09.06.2026", date(2026, 6, 9), "dd.mm.yyyy"),
    ],
)
def test_figures_and_days_keep_value_and_look(text: str, value: object, pattern: str) -> None:
    found = cell(text, "right")
    assert (found.value, found.pattern) == (value, pattern)


@pytest.mark.parametrize("text", ["111240", "FD 32", "OZG-01", "01001000", "31.02.2026", "2. Quartal 2026"])
def test_identifiers_of_text_columns_stay_texts(text: str) -> None:
    assert cell(text, "left").value is None


def test_missing_values_are_empty_and_hidden_ones_say_so() -> None:
    table = TableData(
        "T", columns("Name", "Wert"), (("a", formats.MISSING), ("b", "< 5"), ("c", "geschützt"))
    )
    assert [row[1] for row in _read_csv(table)[1:]] == ["", "< 5", "geschützt"]
    sheet = _book(table)["Daten"]
    assert [sheet[f"B{n}"].value for n in (2, 3, 4)] == [None, "< 5", "geschützt"]


def test_a_csv_begins_with_the_mark_and_technical_names_and_uses_iso_days() -> None:
    rows = ((formats.day(date(2026, 6, 9)), formats.percent(Decimal("0.5")), formats.eur(Decimal("12.50"))),)
    written = csv_bytes(TableData("T", columns("Stand", "Anteil Österreich", "Betrag"), rows))
    assert written.startswith(b"\xef\xbb\xbf")
    assert written.decode("utf-8-sig").split("\r\n")[:2] == [
        '"stand";"anteil_oesterreich_anteil";"betrag_eur"',
        "2026-06-09;0,5;12,50",
    ]


def test_columns_of_one_name_are_told_apart() -> None:
    assert technical_names(TableData("T", columns("A", "Wert", "Wert"), ())) == ["a", "wert", "wert_3"]


def test_a_workbook_has_its_three_sheets_with_frozen_heads_and_widths() -> None:
    table = TableData("T", columns("Name", "Wert"), (("a", "1"),), ("Summe", "1"))
    book = _book(table)
    assert book.sheetnames == ["Auswertung", "Daten", "Metadaten"]
    assert book["Daten"].freeze_panes == "B2"
    assert book["Auswertung"].freeze_panes is not None
    assert book["Auswertung"].column_dimensions["A"].width > 8
    told = {row[0].value: row[1].value for row in book["Metadaten"].iter_rows(min_row=2)}
    assert told["Hinweis"] == "Beispieldaten"
    assert told["Exportiert von"] == "K. Probe"
    assert told["Exportiert am"] == "09.06.2026, 14:30\u00a0Uhr"
    assert told["Datenstand"] == "09.06.2026, 03:15 Uhr"


def test_totals_stand_on_the_view_and_not_among_the_data() -> None:
    book = _book(TableData("T", columns("Name", "Wert"), (("a", "1"), ("b", "2")), ("Summe", "3")))
    assert book["Daten"].max_row == 3
    assert "Summe" in [c.value for c in book["Auswertung"]["A"]]


def test_files_are_named_by_the_server_alone() -> None:
    page = Page("ozg", "/ozg-fortschritt", "OZG")
    evil = Card("ozg-../../etc\\passwd\x00\r\n", "", "", (), (), (), "", (), html.Div())
    assert file_name(_facts(), page, evil, "xlsx") == "2026-06-09_ozg-fortschritt_etc-passwd.xlsx"
    assert file_name(_facts(), page, None, "pdf") == "2026-06-09_ozg-fortschritt.pdf"
    assert slug("Kosten je Vorgang, für Übung") == "kosten-je-vorgang-fuer-uebung"


def test_the_line_of_filters_leaves_out_what_is_not_narrowed() -> None:
    assert _facts().filter_line == "Filter: Stichtag 09.06.2026"
    assert _facts(filters=()).filter_line == "Filter: keine"


def test_harmless_leaves_ordinary_text_alone() -> None:
    for text in (
        "FD 32 Ordnung", "Kfz-Zulassung, -abmeldung", "Gebühr 35,- €", "a; b, c", "10,5 -3",
        "Ein-,-Ausgang 5,-Euro",
    ):  # fmt: skip
        assert harmless(text) == text
    assert harmless("") == ""


@pytest.mark.parametrize(
    "text",
    [
        "a;=1+1;b", 'a";=1+1;"', "a,=1+1,b", "a\t@SUM(A1)\tb", 'a;"=1+1', "a,＝1+1", "a;=+SUM(A1);b",
        "a;=+cmd|'/C calc'!A0", "a;-A1;b", "a,+cmd|' /C calc'!A0", "a;=$A$1", 'a;="x"&A1', "a; =cmd()",
        "a;='file:///etc/passwd'#$p.A1", "a\n=HYPERLINK(1)\nb", "a;\"-A1", "a,-2+3",
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", ["csv", "csv-int"])
def test_i8_a_csv_split_at_the_separator_of_another_land_has_no_formula_either(form: str, text: str) -> None:
    written = DIALECTS[form].line([Cell("erstes"), Cell(text)])
    for sign in ";,\t":
        for field in next(csv.reader(io.StringIO(written, newline=""), delimiter=sign)):
            assert field.lstrip('" ')[:1] not in set("=+-@＝"), (sign, field)


@pytest.mark.parametrize("sign", ["\x00", "\x01", "\x00\x00 "])
def test_i8_signs_that_programs_leave_out_hide_no_formula(sign: str) -> None:
    assert harmless(f"{sign}=1+1").startswith("'")
