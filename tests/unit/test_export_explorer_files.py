"""Files of the explorer: figures stay figures, texts stay texts, what is hidden is nowhere."""

from __future__ import annotations

import csv
import io
import re
import zlib
from decimal import Decimal
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from dashboard.export.cells import cleaned
from dashboard.export.dialect import DIALECTS, csv_text
from dashboard.export.explorer_book import pivot_book
from dashboard.export.explorer_long import long_columns, long_rows
from dashboard.export.explorer_paper import pivot_paper
from dashboard.export.explorer_parquet import pivot_parquet
from dashboard.export.typeset import pdf_bytes
from tests.explorer_files import AMOUNT, CANARY, PAYLOADS, analysis, hidden, measure, shown, unzipped

COUNT, MONEY = measure("Anzahl"), measure("Summe", "eur", 2)
SHARE = measure("Quote", "percent", 1)


def _book(found: Any) -> Any:
    return openpyxl.load_workbook(io.BytesIO(pivot_book(found)))


def _csv(found: Any, form: str) -> list[list[str]]:
    names = [column.name for column in long_columns(found)]
    text = csv_text(DIALECTS[form], names, long_rows(found)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";" if form == "csv" else ","))


def _poisoned() -> Any:
    cells = {((text,), (), 0): shown(5) for text in PAYLOADS}
    cells |= {((PAYLOADS[0],), (text,), 0): shown(-7) for text in PAYLOADS}
    cells[((PAYLOADS[1],), (), 0)] = hidden(PAYLOADS[2])
    evil = "=1+1"
    return analysis(
        PAYLOADS,
        PAYLOADS,
        (measure(evil),),
        cells,
        title=evil,
        notes=PAYLOADS,
        filters=tuple((text, text) for text in PAYLOADS),
        field=lambda name: f"={name}",
    )


def test_i8_every_payload_comes_back_from_a_workbook_as_text() -> None:
    assert len(PAYLOADS) >= 60
    data = pivot_book(_poisoned())
    book = openpyxl.load_workbook(io.BytesIO(data))
    cells = [c for sheet in book.worksheets for row in sheet.iter_rows() for c in row if c.value is not None]
    assert {c.data_type for c in cells} <= {"s", "n", "inlineStr"}
    assert [c for c in cells if c.hyperlink or c.comment] == []
    texts = {c.value for c in cells if c.data_type != "n"}
    assert {cleaned(text) for text in PAYLOADS} <= {text.replace("\r", "") for text in texts}
    heads = {cell.value for row in book["Auswertung"].iter_rows(max_row=30) for cell in row}
    assert "=1+1" in heads and "=feld" in heads
    for name, part in unzipped(data).items():
        assert b"<f>" not in part and b"<f " not in part and b"<hyperlink" not in part, name
        assert b"externalLink" not in part, name


def test_i8_another_reader_sees_the_same_texts_and_numbers() -> None:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(pivot_book(_poisoned())))
    rows = workbook.get_sheet_by_name("Daten").to_python()
    first = {row[0] for row in rows[1:]}
    assert {cleaned(text).strip() for text in PAYLOADS} <= {str(text).strip() for text in first}
    assert -7.0 in {row[rows[0].index("wert")] for row in rows[1:]}


@pytest.mark.parametrize("form", ["csv", "csv-int"])
def test_i8_no_field_of_a_csv_begins_as_a_formula_and_negative_figures_stay_figures(form: str) -> None:
    rows = _csv(_poisoned(), form)
    assert {len(row) for row in rows} == {len(rows[0])}, "no text opens another field"
    number = rows[0].index("wert")
    for row in rows[1:]:
        for index, text in enumerate(row):
            bare = text.lstrip(' "\ufeff\u00a0')
            assert index in (number, number + 1) or bare[:1] not in set("=+-@\t\r|%＝＋－＠"), text
    assert "-7" in {row[number] for row in rows}


def _hiding() -> Any:
    measures = (COUNT, MONEY)
    cells = {
        (("a",), ("Mai",), 0): shown(7), (("b",), ("Mai",), 0): hidden(), ((), ("Mai",), 0): hidden(),
        (("a",), ("Mai",), 1): shown(AMOUNT), (("b",), ("Mai",), 1): hidden(), (("a",), (), 0): shown(8),
    }  # fmt: skip
    return analysis(("a", "b"), ("Mai",), measures, cells, against="previous_year")


def _has_canary(content: bytes | str) -> bool:
    text = content.decode("utf-8", "replace") if isinstance(content, bytes) else content
    return str(CANARY) in re.sub(r"[.,\u00a0\s]", "", text)


def test_k6_a_hidden_value_leaves_no_trace_in_a_workbook() -> None:
    data = pivot_book(_hiding())
    parts = unzipped(data)
    assert not any(_has_canary(part) for part in parts.values())
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Auswertung"]
    secret = [cell for row in sheet.iter_rows() for cell in row if cell.value == "geschützt"]
    assert len(secret) == 3
    assert {cell.number_format for cell in secret} == {"General"}


@pytest.mark.parametrize("form", ["csv", "csv-int"])
def test_k6_a_hidden_value_leaves_no_trace_in_a_csv(form: str) -> None:
    rows = _csv(_hiding(), form)
    assert not any(_has_canary(text) for row in rows for text in row)
    named = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    secret = [row for row in named if row["zustand"] == "geschuetzt"]
    assert len(secret) == 2
    figures = ("wert", "angezeigt", "vergleichswert", "zaehler", "nenner", "untergrenze", "obergrenze")
    assert {row[name] for row in secret for name in figures} == {""}


def test_k6_a_hidden_value_leaves_no_trace_in_parquet_and_its_metadata() -> None:
    data = pivot_parquet(_hiding())
    table = pq.read_table(io.BytesIO(data))
    assert not _has_canary(str(table.to_pylist())) and not _has_canary(str(table.schema.metadata))
    statistics = str(pq.ParquetFile(io.BytesIO(data)).metadata.row_group(0).column(10).statistics)
    assert not _has_canary(statistics) and not _has_canary(data)


def test_k6_a_hidden_value_leaves_no_trace_on_paper() -> None:
    data = pdf_bytes(pivot_paper(_hiding()))
    said = "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    assert "geschützt" in said and not _has_canary(said)
    streams = [_plain(part) for part in re.findall(rb"stream\r?\n(.*?)endstream", data, re.DOTALL)]
    assert not any(str(CANARY).encode() in part for part in (data, *streams))


def _plain(stream: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(stream)
    except zlib.error:
        return stream


def test_a_workbook_shows_the_pivot_with_real_numbers_and_their_formats() -> None:
    cells = {
        (("a",), ("Mai",), 0): shown(0.393), (("a",), ("Mai",), 1): shown(AMOUNT),
        ((), ("Mai",), 0): shown(0.5), ((), ("Mai",), 1): shown(Decimal("-3")),
    }  # fmt: skip
    sheet = _book(analysis(("a",), ("Mai",), (SHARE, MONEY), cells))["Auswertung"]
    line = next(row for row in sheet.iter_rows() if row[0].value == "a")
    assert [line[1].value, line[1].number_format] == [0.393, "#,##0.0\u00a0%"]
    assert [line[2].value, line[2].number_format] == [22670.55, '#,##0.00"\u00a0€"']
    total = next(row for row in sheet.iter_rows() if row[0].value == "Gesamt")
    assert total[0].font.bold and total[2].font.bold and total[2].value == -3
    assert sheet.freeze_panes == f"B{line[0].row}" and sheet.auto_filter.ref is None
    assert sheet.column_dimensions["A"].width >= 9
    assert "B6:C6" in {str(area) for area in sheet.merged_cells.ranges}, "one head above both measures"


def test_levels_are_indented_and_leaves_alone_are_data() -> None:
    from dataclasses import replace

    from metrics.explore.result import Head

    flat = analysis(("a",), ("Mai",), (COUNT,), {})
    deep = replace(
        flat.pivot,
        question=replace(flat.pivot.question, rows=("feld", "unter"), columns=()),
        rows=(Head(("a",), has_children=True), Head(("a", None)), Head(("b",), has_children=True), Head(())),
        columns=(Head(()),),
        cells={(("a",), (), 0): shown(3), (("a", None), (), 0): shown(3), (("b",), (), 0): shown(4)},
    )
    found = replace(flat, pivot=deep)
    sheet = _book(found)["Auswertung"]
    indents = {row[0].value: row[0].alignment.indent for row in sheet.iter_rows() if row[0].value}
    assert (indents["a"], indents["ohne Angabe"]) == (0, 1)
    rows = _csv(found, "csv")
    assert [[*row[:4:2], row[rows[0].index("wert")]] for row in rows[1:]] == [
        ["a", "(ohne Angabe)", "3"],
        ["b", "(gesamt)", "4"],
    ]


def test_compared_values_stand_beside_the_values() -> None:
    cells = {(("a",), ("Mai",), 0): shown(7, base=5)}
    found = analysis(("a",), ("Mai",), (COUNT,), cells, against="previous_year")
    sheet = _book(found)["Auswertung"]
    assert "Anzahl, Vorjahr" in {cell.value for row in sheet.iter_rows() for cell in row}
    line = next(row for row in sheet.iter_rows() if row[0].value == "a")
    assert [line[1].value, line[2].value] == [7, 5]


def test_differences_of_shares_are_points_as_shown_and_fractions_as_data() -> None:
    cells = {(("a",), ("Mai",), 0): shown(0.4, shown=Decimal("-0.057"))}
    found = analysis(("a",), ("Mai",), (SHARE,), cells, show="difference", against="previous_year")
    line = next(row for row in _book(found)["Auswertung"].iter_rows() if row[0].value == "a")
    assert float(line[1].value) == pytest.approx(-5.7) and "Prozentpunkte" in line[1].number_format
    rows = _csv(found, "csv-int")
    assert rows[1][rows[0].index("angezeigt")] == "-0.057"


def test_both_csv_hold_the_same_figures_in_their_own_signs() -> None:
    found = analysis(("a",), ("Mai",), (MONEY,), {(("a",), ("Mai",), 0): shown(AMOUNT)})
    german, other = _csv(found, "csv"), _csv(found, "csv-int")
    place = german[0].index("wert")
    assert (german[1][place], other[1][place]) == ("22670,55", "22670.55")
    names = [column.name for column in long_columns(found)]
    assert csv_text(DIALECTS["csv"], names, ()).startswith(b"\xef\xbb\xbf")
    assert not csv_text(DIALECTS["csv-int"], names, ()).startswith(b"\xef\xbb\xbf")


def test_parquet_keeps_amounts_exact_and_says_what_it_is() -> None:
    found = analysis(("a",), ("Mai",), (MONEY,), {(("a",), ("Mai",), 0): shown(AMOUNT)})
    table = pq.read_table(io.BytesIO(pivot_parquet(found)))
    assert table.column("wert").to_pylist()[0] == AMOUNT
    told = {name.decode(): text.decode() for name, text in table.schema.metadata.items()}
    assert (told["title"], told["snapshot"]) == ("Titel", "S1")
    assert told["filters"] == "Themenfeld: Umwelt" and "09.06.2026" in told["datenstand"]


def test_a_field_called_like_a_column_of_the_data_keeps_its_name() -> None:
    from dataclasses import replace

    flat = analysis(("a",), (), (COUNT,), {})
    question = replace(flat.pivot.question, rows=("wert",), columns=())
    names = [c.name for c in long_columns(replace(flat, pivot=replace(flat.pivot, question=question)))]
    assert len(names) == len(set(names)) and "wert_2" in names


def test_a_wide_table_goes_on_beside_itself_with_its_first_column_again() -> None:
    columns = tuple(f"Monat {number}" for number in range(40))
    cells = {(("a",), (name,), 0): shown(number) for number, name in enumerate(columns)}
    blocks = pivot_paper(analysis(("a",), columns, (COUNT,), cells))["bloecke"]
    tables = [block for block in blocks if block["art"] == "tabelle"]
    assert len(tables) > 1
    assert {table["koepfe"][0][0] for table in tables} == {"feld"}
    assert [head for table in tables for head, _ in table["koepfe"][1:]] == [*columns, "Gesamt"]
