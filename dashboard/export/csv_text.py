"""CSV as German spreadsheets read it: semicolon, UTF-8 with mark, decimal comma, ISO days, no formulas."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from dashboard.export.cells import Cell, exact, harmless, rows_of, technical_names
from dashboard.figures.chart import TableData

MARK = "\ufeff"
END = "\r\n"


def csv_bytes(table: TableData) -> bytes:
    """Return a table with technical names in the first line; totals are left to who computes with it."""
    lines = [_line([_quoted(name) for name in technical_names(table)])]
    lines += [_line([written(cell) for cell in row]) for row in rows_of(table)]
    return (MARK + "".join(lines)).encode()


def _line(fields: Sequence[str]) -> str:
    return ";".join(fields) + END


def written(cell: Cell) -> str:
    """Return a field: figures and days bare, every text in quotes, missing values empty."""
    if isinstance(cell.value, datetime):
        return cell.value.isoformat(timespec="minutes")
    if isinstance(cell.value, date):
        return f"{cell.value:%Y-%m}" if cell.pattern == "mm/yyyy" else cell.value.isoformat()
    if cell.value is not None:
        return f"{exact(cell.value):f}".replace(".", ",")
    return "" if cell.is_missing else _quoted(harmless(cell.text))


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
