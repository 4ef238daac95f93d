"""Excel of the explorer: „Auswertung“ as shown, „Daten“ for computing, „Metadaten“."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from dashboard.export.cells import cleaned
from dashboard.export.explorer_answer import Analysis
from dashboard.export.explorer_long import Column, long_columns, long_rows
from dashboard.export.explorer_table import Grid, GridRow, grid
from dashboard.export.facts import Facts
from dashboard.export.workbook import NARROWEST, WIDEST, Book, metadata_sheet, paper_setup, text, value

DEEPEST_INDENT = 15
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def pivot_book(analysis: Analysis) -> bytes:
    """Return the workbook of a pivot with its three sheets."""
    target = io.BytesIO()
    book = Book(xlsxwriter.Workbook(target, {"in_memory": True, **OPTIONS}), {})
    set_properties(book, analysis.words.title, analysis.facts)
    _shown(book, analysis)
    _data(book, analysis)
    metadata_sheet(book, analysis.metadata())
    book.file.close()
    return target.getvalue()


def set_properties(book: Book, title: str, facts: Facts) -> None:
    """Title, author and company of the file; nothing of a person."""
    book.file.set_properties(
        {"title": cleaned(title)[:250], "author": facts.product, "company": facts.city,
         "comments": facts.example, "created": facts.made_at.replace(tzinfo=None)}
    )  # fmt: skip


def title_lines(book: Book, sheet: Any, title: str, lines: Sequence[str]) -> int:
    """Write the title and what stands below it; return the first free line."""
    text(sheet, 0, 0, title, book.look(bold=True, font_size=14))
    line = 1
    for words in (words for words in lines if words):
        text(sheet, line, 0, words, book.look(font_color="#454B6B"))
        line += 1
    return line + 1


def _shown(book: Book, analysis: Analysis) -> None:
    sheet, facts, table = book.file.add_worksheet("Auswertung"), analysis.facts, grid(analysis)
    lines = (facts.filter_line, facts.stand_line, facts.example)
    first = title_lines(book, sheet, analysis.words.title, lines)
    _heads(book, sheet, first, table)
    line = first + table.depth
    sheet.freeze_panes(line, 1)
    sheet.repeat_rows(first, line - 1)
    for row in table.rows:
        _row(book, sheet, line, row, table)
        line += 1
    for note in analysis.notes():
        line += 1
        text(sheet, line, 0, note, book.look(font_color="#5B6185", italic=True))
    _widths(sheet, table)
    paper_setup(sheet, analysis.words.title)


def _heads(book: Book, sheet: Any, first: int, table: Grid) -> None:
    last = first + table.depth - 1
    for line in range(first, last + 1):
        edge = {"bottom": 1} if line == last else {}
        words = table.corner if line == last else ""
        text(sheet, line, 0, words, book.look(bold=True, valign="bottom", text_wrap=True, **edge))
        for begin, end, said in _spans(table, line - first):
            look = book.look(bold=True, align="right" if begin == end else "center", valign="bottom",
                             text_wrap=True, **edge)  # fmt: skip
            if end > begin:
                # Merging writes by guessing types; it gets nothing, the text is written as text after it.
                sheet.merge_range(line, begin + 1, line, end + 1, None, look)
            text(sheet, line, begin + 1, said, look)


def _spans(table: Grid, depth: int) -> list[tuple[int, int, str]]:
    """Return (first, last, words) of the heads of one line; equal heads side by side are one."""
    found: list[tuple[int, int, str]] = []
    innermost = depth == table.depth - 1
    for index, column in enumerate(table.columns):
        words = column.words[depth] if depth < len(column.words) else ""
        before = table.columns[index - 1].words if index and not innermost else ()
        same = before[: depth + 1] == column.words[: depth + 1]
        if found and same and words:
            found[-1] = (found[-1][0], index, words)
        else:
            found.append((index, index, words))
    return found


def _row(book: Book, sheet: Any, line: int, row: GridRow, table: Grid) -> None:
    look: dict[str, Any] = {"bold": True, "top": 1} if row.is_total else {}
    indent = {"indent": min(DEEPEST_INDENT, row.level - 1)} if row.level > 1 else {}
    text(sheet, line, 0, row.words, book.look(**look, **indent))
    for index, (cell, column) in enumerate(zip(row.cells, table.columns, strict=True)):
        if not cell.is_missing:
            strong = {"bold": True} if column.is_total and table.columns[0].head != column.head else {}
            value(sheet, line, index + 1, cell, book, align="right", **{**strong, **look})


def _widths(sheet: Any, table: Grid) -> None:
    labels = [len(row.words) + 2 * row.level for row in table.rows[:500]]
    sheet.set_column(0, 0, width_of([len(table.corner), *labels]))
    for index, column in enumerate(table.columns):
        longest = [len(row.cells[index].text) for row in table.rows[:500]]
        head = max((len(word) for word in column.words[-1:]), default=0)
        sheet.set_column(index + 1, index + 1, width_of([head, *longest]))


def width_of(lengths: Sequence[int]) -> float:
    """Width of a column whose texts are so long."""
    return min(WIDEST, max(NARROWEST, max(lengths, default=0) * 1.05 + 2))


def _data(book: Book, analysis: Analysis) -> None:
    sheet = book.file.add_worksheet("Daten")
    columns, rows = long_columns(analysis), list(long_rows(analysis))
    _data_heads(book, sheet, columns)
    for line, row in enumerate(rows, start=1):
        for index, cell in enumerate(row):
            if not cell.is_missing:
                value(sheet, line, index, cell, book)
    for index, column in enumerate(columns):
        lengths = [len(row[index].text) for row in rows[:500]]
        sheet.set_column(index, index, width_of([len(column.name), *lengths]))


def _data_heads(book: Book, sheet: Any, columns: Sequence[Column]) -> None:
    for index, column in enumerate(columns):
        text(sheet, 0, index, column.name, book.look(bold=True, bottom=1))
    sheet.freeze_panes(1, 0)
