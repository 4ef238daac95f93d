"""How a CSV is written: for German spreadsheets, or as programs elsewhere expect it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

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

    def values(self, values: Iterable[object]) -> str:
        """Return a line of values as a database gives them; None is empty."""
        return self._line(self._value(value) for value in values)

    def field(self, value: object, text: str) -> str:
        """Figures and days bare, every text in quotes, missing values empty."""
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, datetime):
            return value.isoformat(timespec="minutes")
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, int | float | Decimal | Fraction):
            return f"{exact(value):f}".replace(".", self.decimal)
        return self._text(text) if text else ""

    def _value(self, value: object) -> str:
        return self.field(value, "" if value is None else str(value))

    def _text(self, text: str) -> str:
        return '"' + harmless(cleaned(text)).replace('"', '""') + '"'

    def _line(self, fields: Iterable[str]) -> str:
        return self.separator.join(fields) + END


GERMAN = Dialect(";", "\ufeff", ",")
INTERNATIONAL = Dialect(",", "", ".")
DIALECTS = {"csv": GERMAN, "csv-int": INTERNATIONAL}


def csv_text(dialect: Dialect, names: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a whole file."""
    return "".join([dialect.head(names), *(dialect.line(row) for row in rows)]).encode()
