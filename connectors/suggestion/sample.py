"""What a first look at a file shows: its rows below the header, how it is written, what remains in doubt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from connectors.formats.raw import plain_name
from connectors.suggestion.value import is_date, is_number

ROWS = 5000
"""Rows that are looked at; what stands below is read in the night and judged by the declaration."""
LOOK_FOR_HEADER = 30
TOTALS = ("summe", "gesamt", "total", "zwischensumme", "ende", "insgesamt", "kontrollsumme")

Cells = Sequence[object]


@dataclass
class Sample:
    """Header and rows (text, or the typed cells of workbooks and records) with settings that read them."""

    format: str
    header: list[str]
    rows: list[Cells]
    settings: dict[str, object] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)
    totals: list[tuple[int, Cells]] = field(default_factory=list)
    typed: bool = False

    def column(self, position: int) -> list[object]:
        """The filled cells of one column."""
        cells = (row[position] for row in self.rows if position < len(row))
        return [cell for cell in cells if text_of(cell)]


def text_of(cell: object) -> str:
    """A cell as a person sees it, without outer blanks."""
    return str(cell).strip() if cell is not None else ""


def table_in(grid: list[Cells], sample: Sample) -> Sample:
    """Find the table in a grid: header below titles, totals apart from data."""
    at = _header_row(grid)
    if at is None:
        width = max((len(row) for row in grid), default=0)
        names = [f"Spalte {number}" for number in range(1, width + 1)]
        sample.settings["names"] = names
        sample.doubts.append("Keine Kopfzeile gefunden; die Namen in names sind erfunden.")
        sample.header, body = names, grid
    else:
        if at:
            sample.settings["header_row"] = at + 1
        sample.header, body = _names(grid[at], sample), grid[at + 1 :]
    rows = [(number, row) for number, row in enumerate(body) if any(text_of(cell) for cell in row)]
    sample.totals = [(number, row) for number, row in rows if _is_total(row)]
    sample.rows = [row for _, row in rows if not _is_total(row)][:ROWS]
    return sample


def _names(cells: Cells, sample: Sample) -> list[str]:
    names = [plain_name(text_of(cell)) for cell in cells]
    while names and not names[-1]:
        names.pop()
        sample.settings["allow_blank_columns"] = True
    if "" in names:
        sample.settings["allow_blank_columns"] = True
        sample.doubts.append("Spalten ohne Namen müssen leer sein (allow_blank_columns).")
    twice = [name for name, count in Counter(names).items() if name and count > 1]
    if twice:
        sample.doubts.append(
            f"Spaltennamen kommen doppelt vor und werden nachts abgewiesen: {', '.join(twice)}."
        )
    return names


def _header_row(grid: list[Cells]) -> int | None:
    """The first row that names most columns and holds neither numbers nor days; None without one."""
    usual = _usual_width(grid)
    for number, row in enumerate(grid[:LOOK_FOR_HEADER]):
        cells = [cell for cell in row if text_of(cell)]
        if len(cells) < max(1, 0.6 * usual):
            continue
        if any(_is_data(cell) for cell in cells):
            # Data before any header: there is none. A year alone is a name, as in „2025“.
            return None
        return number
    return None


def _usual_width(grid: list[Cells]) -> int:
    widths = Counter(sum(1 for cell in row if text_of(cell)) for row in grid if any(map(text_of, row)))
    # A few wide rows say more about a table than as many titles.
    return max(widths, key=lambda width: width * widths[width]) if widths else 1


def _is_data(cell: object) -> bool:
    if isinstance(cell, (date, datetime)):
        return True
    text = text_of(cell)
    if text.isdigit() and len(text) == 4 and 1990 <= int(text) <= 2100:
        return False
    return is_number(text) or is_date(text)


def _is_total(row: Cells) -> bool:
    first = next((text_of(cell) for cell in row if text_of(cell)), "")
    return first.lower().rstrip(":").split(" ")[0] in TOTALS
