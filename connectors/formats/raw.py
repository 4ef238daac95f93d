"""The one shape every file format is read into: a header and rows of text with their line numbers."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal

from warehouse.errors import ContractError
from warehouse.textformat import CANONICAL, TextFormat

Value = str | None

MOMENT = "%Y-%m-%dT%H:%M:%S.%f"
"""How a moment is written in canonical spelling; the landing zone reads it without declaration."""


@dataclass(slots=True)
class RawRow:
    """One row as delivered. `line` counts from 1 in the file.

    `fault` is a reason code when the row as a whole cannot be read; `broken` maps the position of
    a cell that carries an error instead of a value to that error's text.
    """

    line: int
    values: Sequence[Value]
    fault: str | None = None
    broken: Mapping[int, str] = field(default_factory=dict)


@dataclass(slots=True)
class RawTable:
    """Header and rows of one file."""

    header: list[str]
    rows: Iterator[RawRow]


def typed_text(value: object, text: TextFormat = CANONICAL) -> Value:
    """Text of one typed value, spelled as `text` says; text and None stay as they are.

    Binary floating point is written with 15 significant digits, what a workbook shows and what a
    double holds for certain; decimals and integers are written exactly.
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return text.true[0] if value else text.false[0]
    if isinstance(value, float):
        return _plain(Decimal(format(value, ".15g")), text)
    if isinstance(value, Decimal):
        return _plain(value, text)
    if isinstance(value, datetime):
        return value.strftime(MOMENT if text is CANONICAL else text.timestamp)
    if isinstance(value, date):
        return value.strftime(text.date)
    return value.isoformat() if isinstance(value, time) else str(value)


def _plain(number: Decimal, text: TextFormat) -> str:
    # An exponent beyond every amount stays in exponent form: written out it could fill the memory.
    if not number.is_finite() or abs(number.adjusted()) > 40:
        return str(number)
    return format(number, "f").replace(".", text.decimal)


def checked_header(names: Sequence[Value], where: str) -> list[str]:
    """Header names in composed Unicode without outer blanks; blank and repeated names are refused."""
    header = [unicodedata.normalize("NFC", name or "").strip() for name in names]
    blank = [str(position) for position, name in enumerate(header, start=1) if not name]
    if blank:
        found = f"column {', '.join(blank)}"
        raise ContractError(
            "columns without a name in the header", code="blank_header", where=where, found=found
        )
    twice = [name for name, count in Counter(header).items() if count > 1]
    if twice:
        found = ", ".join(twice)
        raise ContractError("column names occur twice", code="duplicate_header", where=where, found=found)
    return header


def half_file(where: str, found: str, next_step: str | None = None) -> ContractError:
    """The error of a delivery that ends before its end."""
    return ContractError(
        "the file is incomplete",
        code="half_file",
        where=where,
        found=found,
        next_step=next_step or "ask the owner of the source to deliver the file again",
    )
