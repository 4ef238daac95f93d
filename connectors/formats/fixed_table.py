"""Fixed width: every field has its place; what stands beside the places is a shifted row."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from connectors.formats.grid import find_section, tabulate
from connectors.formats.pattern import fits
from connectors.formats.raw import RawRow, RawTable, undecodable
from connectors.formats.spec import FileTable
from connectors.formats.text_file import is_unreadable, open_text
from connectors.spelling import Value

MAX_LINE = 100_000


def open_fixed(path: Path, table: FileTable, where: str) -> RawTable:
    """Read the fields of every line; places and widths count characters, not bytes.

    Raises ContractError: `not_the_declared_format`, `half_file`, `undecodable`, `missing_section`.
    """
    stream = open_text(path, table, where)
    try:
        lines = enumerate(stream, start=1)
        above = find_section(_first_fields(lines, table), table, where) if table.section else 0
    except UnicodeError:
        stream.close()
        raise undecodable(table.encoding, where, "der Anfang der Datei") from None
    return tabulate(_rows(stream, lines, table, where), table, where, above=above, strict=True)


def _first_fields(lines: Iterator[tuple[int, str]], table: FileTable) -> Iterator[tuple[int, Value]]:
    # A title does not keep to the fields; the whole line is its first cell.
    for number, line in lines:
        yield number, line.strip()


def _rows(stream: TextIO, lines: Iterator[tuple[int, str]], table: FileTable, where: str) -> Iterator[RawRow]:
    number = 0
    with stream:
        try:
            for number, line in lines:
                yield _row(number, line.rstrip("\r\n"), table)
        except UnicodeError:
            raise undecodable(table.encoding, where, f"Zeile {number + 1}") from None


def _row(number: int, line: str, table: FileTable) -> RawRow:
    if not line.strip():
        return RawRow(number, [])
    if table.section and table.section.until and fits(line, table.section.until):
        return RawRow(number, [line])
    if len(line) > MAX_LINE:
        return RawRow(number, [line[:200]], "malformed_row")
    values = [line[field.start - 1 : field.end].strip() for field in table.field]
    if is_unreadable(line):
        return RawRow(number, values, "undecodable")
    return RawRow(number, values, _fault(line, table))


def _fault(line: str, table: FileTable) -> str | None:
    # A line that ends early has lost blanks only; a value between two fields has lost its place.
    place = 0
    for field in table.field:
        if line[place : field.start - 1].strip():
            return "extra_field"
        place = field.end
    return "extra_field" if line[place:].strip() else None
