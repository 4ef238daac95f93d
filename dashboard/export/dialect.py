"""How a CSV is written: for German spreadsheets, or as programs elsewhere expect it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from dashboard.export.cells import Cell, cleaned, exact, harmless

END = "\r\n"


@dataclass(frozen=True, slots=True)
class Dialect:
    """Separator, mark at the beginning, decimal sign; days are ISO and texts in quotes in both."""

    separator: str
    mark: str
    decimal: str

    def head(self, names: Sequence[str]) -> str:
        """Return mark and first line."""
        return self.mark + self._line(self._text(name) for name in names)

    def line(self, cells: Iterable[Cell]) -> str:
        """Return a line of cells."""
        return self._line(self.field(cell.value, cell.text) for cell in cells)

    def column(self, values: Sequence[Any]) -> list[str]:
        """Return the fields of a column of values of one type as a database gives them; None is empty."""
        kind = type(next((value for value in values if value is not None), ""))
        if kind is str:
            return ["" if value is None else self._harmless(value) for value in values]
        if kind is int:
            return ["" if value is None else str(value) for value in values]
        return ["" if value is None else self.field(value, str(value)) for value in values]

    def lines(self, rows: Iterable[Sequence[str]]) -> str:
        """Return lines of finished fields."""
        return "".join(self.separator.join(row) + END for row in rows)

    def field(self, value: object, text: str) -> str:
        """Figures and days bare, every text in quotes, missing values empty."""
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, datetime):
            return value.isoformat(timespec="minutes")
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, Decimal) and value.is_finite():
            return f"{value:f}".replace(".", self.decimal)
        if isinstance(value, int | float | Decimal | Fraction):
            return f"{exact(value):f}".replace(".", self.decimal)
        return self._text(text) if text else ""

    def _text(self, text: str) -> str:
        return self._harmless(cleaned(text))

    def _harmless(self, text: str) -> str:
        return '"' + harmless(text).replace('"', '""') + '"'

    def _line(self, fields: Iterable[str]) -> str:
        return self.separator.join(fields) + END


GERMAN = Dialect(";", "\ufeff", ",")
INTERNATIONAL = Dialect(",", "", ".")
DIALECTS = {"csv": GERMAN, "csv-int": INTERNATIONAL}


def csv_text(dialect: Dialect, names: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a whole file."""
    return "".join([dialect.head(names), *(dialect.line(row) for row in rows)]).encode()
