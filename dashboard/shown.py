"""Finished German text that still knows the value it shows: exports write figures and days, not words.

It is a `str` in every respect; joined with other text it becomes an ordinary one.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

Raw = int | float | Decimal | Fraction | date | datetime


class Shown(str):
    """Text with its value and the number format of a spreadsheet that shows the same („0.0 %“)."""

    __slots__ = ("pattern", "value")

    value: Raw
    pattern: str

    def __new__(cls, text: str, value: Raw, pattern: str) -> Shown:
        """Keep the value beside its text."""
        shown = super().__new__(cls, text)
        shown.value, shown.pattern = value, pattern
        return shown


def pattern(decimals: int = 0, unit: str = "", *, plus: bool = False, thousands: int = 0) -> str:
    """Return a number format: digits, unit behind, sign of changes, value cut by thousands."""
    digits = "#,##0" + ("." + "0" * decimals if decimals else "") + "," * thousands
    tail = f"\u00a0{unit}" if unit == "%" else f'"\u00a0{unit}"' if unit else ""
    return f"+{digits}{tail};-{digits}{tail};{digits}{tail}" if plus else f"{digits}{tail}"
