"""Excel: the view as it stands, the data for computing, and what both are about."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import xlsxwriter

from dashboard import texts
from dashboard.export.cells import Cell, cleaned, exact, row_of, rows_of, technical_names
from dashboard.export.facts import Facts
from dashboard.export.view import Card
from dashboard.figures.chart import TableData

NARROWEST, WIDEST = 9, 52
LONGEST_TEXT = 32_000
# A figure beyond this loses digits in a spreadsheet, which knows 15 of them.
LARGEST = 10**15


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook being written, with its formats by their properties."""

    file: Any
    made: dict[tuple[tuple[str, Any], ...], Any]

    def look(self, **wanted: Any) -> Any:
        """Return a format; equal ones are one."""
        key = tuple(sorted(wanted.items()))
        if key not in self.made:
            self.made[key] = self.file.add_format({"font_name": "Calibri", "font_size": 11, **wanted})
        return self.made[key]


def xlsx_bytes(card: Card, facts: Facts) -> bytes:
    """Return the workbook of a card with the sheets „Auswertung“, „Daten“, „Metadaten“."""
    target = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = Book(xlsxwriter.Workbook(target, options), {})
    book.file.set_properties(
        {"title": cleaned(card.title)[:250], "author": facts.product, "company": facts.city,
         "comments": facts.example, "created": facts.made_at.replace(tzinfo=None)}
    )  # fmt: skip
    _view(book, card, facts)
    for number, table in enumerate(card.tables, start=1):
        _data(book, table, "Daten" if number == 1 else f"Daten {number}", number)
    metadata_sheet(book, facts.rows(card))
    book.file.close()
    return target.getvalue()


def _view(book: Book, card: Card, facts: Facts) -> None:
    sheet = book.file.add_worksheet("Auswertung")
    text(sheet, 0, 0, card.title, book.look(bold=True, font_size=14))
    line = 1
    for words in (card.subtitle, facts.filter_line, facts.stand_line, facts.example):
        if words:
            text(sheet, line, 0, words, book.look(font_color="#454B6B"))
            line += 1
    for number, table in enumerate(card.tables):
        if number or len(card.tables) > 1:
            text(sheet, line + 1, 0, table.caption, book.look(bold=True))
            line += 1
        line = _shown_table(book, sheet, table, line + 1, freeze=not number)
    if card.foot:
        text(sheet, line + 1, 0, card.foot, book.look(font_color="#5B6185", italic=True))
    paper_setup(sheet, card.title)


def _shown_table(book: Book, sheet: Any, table: TableData, line: int, *, freeze: bool) -> int:
    for index, column in enumerate(table.columns):
        head = f"{column.label} ({column.unit})" if column.unit else column.label
        look = book.look(bold=True, bottom=1, text_wrap=True, valign="bottom", align=column.align)
        text(sheet, line, index, head, look)
    if freeze:
        sheet.freeze_panes(line + 1, 1)
        sheet.repeat_rows(line)
        _widths(sheet, table)
    for row in rows_of(table):
        line += 1
        _cells(book, sheet, line, row, table)
    if table.total is not None:
        line += 1
        _cells(book, sheet, line, row_of(table, table.total), table, bold=True, top=1)
    return line + 1


def _cells(book: Book, sheet: Any, line: int, row: Sequence[Cell], table: TableData, **look: Any) -> None:
    for index, (cell, column) in enumerate(zip(row, table.columns, strict=False)):
        value(sheet, line, index, cell, book, align=column.align, **look)


def value(sheet: Any, line: int, column: int, cell: Cell, book: Book, **look: Any) -> None:
    """Write a cell as figure, day or text; texts never become formulas or links."""
    if cell.value is None:
        text(sheet, line, column, cell.text, book.look(**look))
        return
    shown = book.look(num_format=cell.pattern or "General", **look)
    if isinstance(cell.value, datetime | date):
        sheet.write_datetime(line, column, cell.value, shown)
        return
    number = exact(cell.value)
    if abs(number) >= LARGEST:
        text(sheet, line, column, cell.text, book.look(**look))
    else:
        sheet.write_number(line, column, float(number), shown)


def text(sheet: Any, line: int, column: int, words: str, look: Any = None) -> None:
    """Write text, and nothing but text."""
    sheet.write_string(line, column, cleaned(words)[:LONGEST_TEXT], look)


def _widths(sheet: Any, table: TableData) -> None:
    for index, column in enumerate(table.columns):
        texts_ = [row[index] for row in (*table.rows[:500], *([table.total] if table.total else []))]
        longest = max([len(column.label) + len(column.unit) * 0.7, *(len(item) for item in texts_)])
        sheet.set_column(index, index, min(WIDEST, max(NARROWEST, longest * 1.05 + 2)))


def _data(book: Book, table: TableData, name: str, number: int) -> None:
    sheet = book.file.add_worksheet(name)
    names, rows = technical_names(table), rows_of(table)
    for index, head in enumerate(names):
        text(sheet, 0, index, head, book.look(bold=True, bottom=1))
    for line, row in enumerate(rows, start=1):
        for index, cell in enumerate(row):
            if not cell.is_missing:
                value(sheet, line, index, cell, book)
    if rows and names:
        heads = [{"header": head, "header_format": book.look(bold=True, bottom=1)} for head in names]
        options = {"columns": heads, "name": f"Daten{number}", "style": None}
        sheet.add_table(0, 0, len(rows), len(names) - 1, options)
    sheet.freeze_panes(1, 1)
    _widths(sheet, table)


def metadata_sheet(book: Book, rows: Sequence[tuple[str, str]]) -> None:
    """Add the sheet „Metadaten“ with (name, content) line by line."""
    sheet = book.file.add_worksheet("Metadaten")
    text(sheet, 0, 0, "Angabe", book.look(bold=True, bottom=1))
    text(sheet, 0, 1, "Inhalt", book.look(bold=True, bottom=1))
    for line, (name, words) in enumerate(rows, start=1):
        text(sheet, line, 0, name, book.look(bold=True, valign="top"))
        text(sheet, line, 1, words, book.look(text_wrap=True, valign="top"))
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 100)
    sheet.freeze_panes(1, 0)
    paper_setup(sheet, texts.TABLE)


def paper_setup(sheet: Any, title: str) -> None:
    """A4 landscape, as wide as a page, with title and number of the page."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    # „&“ begins a code in heads and feet of a spreadsheet.
    sheet.set_header(f"&L{cleaned(title).replace('&', '&&')[:200]}")
    sheet.set_footer("&RSeite &P von &N")
