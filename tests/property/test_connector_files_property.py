"""Any bytes as a delivery: read or refused with a reason, never a crash; the accounting closes."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from connectors.formats import csv_blocks
from tests.posting_town import PostingTown
from tests.workbooks import FIXTURES, number_cell, row, text_cell, write_ods
from warehouse.errors import IsekError

HEAD = b"Beleg;Text;Tag;Betrag\n"
TABLES: dict[str, dict[str, Any]] = {
    "csv": {"encoding": "utf-8"},
    "csv_cp1252": {"path": "inbox/x.csv", "encoding": "cp1252", "require_newline": False},
    "csv_utf16": {"path": "inbox/x.csv", "encoding": "utf-16", "require_newline": False},
    "fixed": {
        "format": "fixed",
        "require_newline": False,
        "field": [{"name": "Beleg", "start": 1, "width": 3}, {"name": "Betrag", "start": 5, "width": 4}],
        "columns": {"posting_id": "Beleg", "amount_eur": "Betrag"},
    },
    "json": {"path": "inbox/x.csv", "format": "json", "columns": {"posting_id": "Beleg"}},
    "jsonl": {
        "path": "inbox/x.csv",
        "format": "jsonl",
        "require_newline": False,
        "columns": {"posting_id": "Beleg"},
    },
    "parquet": {"format": "parquet"},
    "xlsx": {"format": "xlsx"},
    "xls": {"format": "xls"},
    "ods": {"format": "ods"},
}
PIECES = st.sampled_from(
    [b";", b'"', b"\n", b"\r\n", b"\r", b"\x00", b"\x80", b"\xe4", "ä€".encode(), b"1,00", b"x", b" ", b"-1",
     b'""', b"\xef\xbb\xbf", b"31.02.2026", b"01.02.2026"]
)  # fmt: skip
LINES = st.lists(PIECES, max_size=60).map(b"".join)
JSONISH = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3) | st.just("Beleg"), inner)
    ),
    max_leaves=12,
).map(lambda value: json.dumps(value).encode())
SEEDED = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@contextmanager
def _town() -> Iterator[PostingTown]:
    folder = Path(tempfile.mkdtemp(prefix="isek-any-bytes-"))
    try:
        yield PostingTown(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _survives(content: bytes, table: dict[str, Any]) -> None:
    with _town() as town:
        town.deliver(content)
        try:
            delivery = town.land(**table)
        except IsekError as error:
            assert error.code != "error" and error.what
            return
        assert delivery.read == delivery.accepted + delivery.rejected + delivery.duplicates


@pytest.mark.parametrize("kind", TABLES)
@SEEDED
@given(content=st.binary(max_size=400) | LINES.map(lambda lines: HEAD + lines) | JSONISH)
@example(content=b"")
@example(content=b"\xff\xfe")
@example(content=HEAD * 2)
@example(content=b'[{"Beleg": 1e999999999999999999}]')
@example(content=b'[{"Beleg": "\\ud800"}]\n')
@example(content=b'{"Beleg": 1e5}\n{"Beleg": "\\u0000"}\n')
@example(content=b"PAR1" * 3)
def test_c24_any_bytes_are_a_delivery_or_refused_with_a_reason(kind: str, content: bytes) -> None:
    _survives(content, TABLES[kind])


@cache
def _workbook_bytes(kind: str) -> bytes:
    if kind == "xls":
        return (FIXTURES / "plain.xls").read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"x.{kind}")
        if kind == "ods":
            write_ods(
                path,
                {"A": [row(text_cell("Beleg"), text_cell("Betrag")), row(text_cell("1"), number_cell("2"))]},
            )
        else:
            with xlsxwriter.Workbook(path) as book:
                book.set_properties({"created": datetime(2026, 6, 9)})
                sheet = book.add_worksheet()
                sheet.write_row(0, 0, ["Beleg", "Text", "Tag", "Betrag"])
                sheet.write_row(1, 0, ["1", "a", None, 2.5])
        return path.read_bytes()


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
@SEEDED
@given(data=st.data())
def test_c24_a_workbook_with_any_bytes_changed_is_read_or_refused(kind: str, data: st.DataObject) -> None:
    content = bytearray(_workbook_bytes(kind))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        piece = data.draw(st.binary(min_size=1, max_size=8))
        content[at : at + len(piece)] = piece
    if data.draw(st.booleans()):
        content = content[: data.draw(st.integers(0, len(content)))]
    _survives(bytes(content), {"format": kind, "hidden": "read"})


def _read(town: PostingTown, **table: Any) -> list[dict[str, Any]] | str:
    try:
        return sorted(town.rows(**table), key=lambda row: row["_line"])
    except IsekError as error:
        return error.code


@SEEDED
@given(
    lines=st.lists(PIECES, max_size=120).map(b"".join),
    encoding=st.sampled_from(["utf-8", "cp1252", "latin-1"]),
    quote=st.sampled_from(['"', ""]),
)
@example(lines=b"\xef\xbb\xbf\n", encoding="utf-8", quote='"')
@example(lines=b'1;"a;b";;1,00\n2;"c\nd";;2,00\n3;e;;3,00\n' * 3, encoding="utf-8", quote='"')
@example(lines=b"1;a;;-1,00\n;;;\n\n2;\xe4;;+2,00\r\n3;b;;\xe2\x88\x923\n" * 3, encoding="utf-8", quote='"')
def test_reading_by_the_block_gives_the_same_rows_as_reading_row_by_row(
    lines: bytes, encoding: str, quote: str
) -> None:
    table: dict[str, Any] = {
        "encoding": encoding,
        "quote": quote,
        "require_newline": False,
        "map": {"label": {"x": "X", "": "leer"}},
        "sign": {"amount_eur": -1},
        "constants": {"done": True},
    }
    usual, csv_blocks.BLOCK = csv_blocks.BLOCK, 48
    try:
        with _town() as town:
            town.deliver(HEAD + lines)
            # A first row that is declared makes the same table one that is read row by row.
            assert _read(town, **table) == _read(town, **table, first_row=2)
    finally:
        csv_blocks.BLOCK = usual
