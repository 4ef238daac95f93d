"""How typed values of workbooks, JSON and databases are spelled as text: exact, one spelling per value."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

from warehouse.textformat import CANONICAL, TextFormat

Value = str | None

MOMENT = "%Y-%m-%dT%H:%M:%S.%f"
"""How a moment is written in canonical spelling; the landing zone reads it without declaration."""


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
