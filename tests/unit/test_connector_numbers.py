"""How German exports write numbers: read by declaration, to the last cent, or refused."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from warehouse_parts import land_text

from warehouse.textformat import TextFormat, parse_number

GERMAN = TextFormat()
ENGLISH = TextFormat(decimal=".", thousands=",")
SWISS = TextFormat(decimal=".", thousands="'")
JENA = TextFormat(decimal=".", thousands=" ")
MIXED = TextFormat(thousands=". ")
PLAIN = TextFormat(thousands=None)
TRAILING = TextFormat(negative="trailing")
BRACKETS = TextFormat(negative="parentheses")
EURO = TextFormat(unit=("€", "EUR"))


def read(folder: Path, text: str, form: TextFormat) -> Decimal | str:
    """The amount the landing zone keeps, or the code with which it refuses."""
    delivery = land_text(folder, {"nr": "1", "amount_eur": text}, text_format=form)
    rows = pq.read_table(delivery.rows_path).to_pylist()
    refused = pq.read_table(delivery.rejected_path).to_pylist()
    return rows[0]["amount_eur"] if rows else refused[0]["reason_code"]


CASES: list[tuple[str, TextFormat, Any]] = [
    ("1.234,56", GERMAN, "1234.56"),
    ("1,234.56", ENGLISH, "1234.56"),
    ("1,234.56", GERMAN, "not_a_number"),
    ("1.234,56", ENGLISH, "not_a_number"),
    ("1.234", GERMAN, "1234"),
    ("1.234", PLAIN, "not_a_number"),
    ("1.234", ENGLISH, "too_many_decimals"),
    ("1 234,5", MIXED, "1234.5"),
    ("1.234,5", MIXED, "1234.5"),
    ("1234,5", MIXED, "1234.5"),
    ("1.234 567,5", MIXED, "not_a_number"),
    ("1 045.00", JENA, "1045"),
    ("1\u00a0045.00", JENA, "1045"),
    ("1'234.5", SWISS, "1234.5"),
    ("-206,4", GERMAN, "-206.4"),
    ("\u2212206,4", GERMAN, "-206.4"),
    ("(12)", GERMAN, "not_a_number"),
    ("12-", GERMAN, "not_a_number"),
    ("2.487,50-", TRAILING, "-2487.5"),
    ("12\u2212", TRAILING, "-12"),
    ("-12", TRAILING, "-12"),
    ("-12-", TRAILING, "not_a_number"),
    ("(2.487,50)", BRACKETS, "-2487.5"),
    ("(12", BRACKETS, "not_a_number"),
    ("-(12)", BRACKETS, "not_a_number"),
    ("1.234.567,89 €", EURO, "1234567.89"),
    ("12EUR", EURO, "12"),
    ("12 $", EURO, "not_a_number"),
    ("1.234.567,89 €", GERMAN, "not_a_number"),
    ("€", EURO, "not_a_number"),
]


@pytest.mark.parametrize(("text", "form", "expected"), CASES)
def test_c2_a_number_is_read_as_its_source_declares_or_refused(
    tmp_path: Path, text: str, form: TextFormat, expected: str
) -> None:
    got = read(tmp_path, text, form)
    assert got == (Decimal(expected) if expected[0] in "-0123456789" else expected)


@pytest.mark.parametrize(("text", "form", "expected"), CASES)
def test_c2_python_reads_a_number_as_the_landing_zone_does(
    text: str, form: TextFormat, expected: str
) -> None:
    number = parse_number(text, form)
    if expected == "too_many_decimals":
        assert number == Decimal(text)
    else:
        assert number == (Decimal(expected) if expected[0] in "-0123456789" else None)
