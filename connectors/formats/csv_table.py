"""CSV by declared encoding and delimiter: nothing is guessed, nothing is shifted."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any, TextIO

from connectors.formats.grid import find_section, tabulate
from connectors.formats.raw import RawRow, RawTable, half_file, undecodable
from connectors.formats.spec import FileTable
from connectors.formats.text_file import is_unreadable, open_text
from connectors.spelling import Value
from warehouse.errors import ContractError

MAX_MALFORMED = 1000
"""Rows of one file with stray quotation marks; each costs a second look at what follows it."""


def open_csv(path: Path, table: FileTable, where: str) -> RawTable:
    """Read the header at once and the rows on demand.

    Raises ContractError: `not_the_declared_format`, `half_file` (empty, no end of line at the end, open
    quotation mark, no header), `undecodable`, `missing_section`, `blank_header`, `duplicate_header`.
    """
    stream = open_text(path, table, where)
    try:
        lines = _Lines(stream)
        above = find_section(_first_cells(lines, table), table, where) if table.section else 0
        # What stands above a header is no table: titles may hold any number of quotation marks.
        lines.skip(table.header_row - 1 if table.has_header else 0)
        raw = tabulate(_rows(stream, lines, table, where), table, where, above=above, strict=True)
        raw.begins, raw.close = lines.number + 1, stream.close
    except UnicodeError:
        stream.close()
        raise undecodable(table.encoding, where, "die Kopfzeile") from None
    except ContractError:
        stream.close()
        raise
    return raw


def csv_rows(text: str, line: int, table: FileTable, where: str) -> Iterator[RawRow]:
    """Rows of a piece of a file that begins and ends with whole rows; `line` is that of its first."""
    stream = StringIO(text, newline="")
    return _rows(stream, _Lines(stream, line - 1), table, where)


class _Lines:
    """Physical lines with their numbers; those of a record that went wrong can be handed out again."""

    def __init__(self, stream: TextIO, number: int = 0) -> None:
        self._stream, self._again, self._taken = stream, deque[str](), list[str]()
        self.number = number

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._stream)
        self.number += 1
        self._taken.append(line)
        return line

    def skip(self, count: int) -> None:
        """Leave lines out."""
        for _ in range(count):
            next(self, None)

    def begin(self) -> int:
        """A new record begins; returns the number of its first line."""
        self._taken.clear()
        return self.number + 1

    def give_back(self) -> str:
        """All lines of the record but its first will come again; returns the first."""
        self._again.extendleft(reversed(self._taken[1:]))
        self.number -= max(0, len(self._taken) - 1)
        return self._taken[0] if self._taken else ""


def _first_cells(lines: _Lines, table: FileTable) -> Iterator[tuple[int, Value]]:
    for line in lines:
        cell = line.partition(table.delimiter)[0].strip()
        yield lines.number, cell.strip(table.quote) if table.quote else cell


def _reader(lines: _Lines, table: FileTable) -> Any:
    if not table.quote:
        return csv.reader(lines, delimiter=table.delimiter, quoting=csv.QUOTE_NONE, quotechar=None)
    return csv.reader(lines, delimiter=table.delimiter, quotechar=table.quote, strict=True)


def _rows(stream: TextIO, lines: _Lines, table: FileTable, where: str) -> Iterator[RawRow]:
    """Rows one by one. A row that is none costs itself only: what stands below it is read again."""
    reader, malformed = _reader(lines, table), 0
    with stream:
        while True:
            line = lines.begin()
            try:
                values = next(reader)
            except StopIteration:
                return
            except UnicodeError:
                raise undecodable(table.encoding, where, f"Zeile {line}") from None
            except csv.Error as error:
                if "unexpected end" in str(error):
                    told = f"ein Anführungszeichen aus Zeile {line} wird nie geschlossen"
                    raise half_file(where, told) from None
                malformed += 1
                yield _malformed(line, lines.give_back(), malformed, where)
                continue
            yield RawRow(line, values, "undecodable" if is_unreadable("".join(values)) else None)


def _malformed(line: int, text: str, count: int, where: str) -> RawRow:
    if count > MAX_MALFORMED:
        raise ContractError(
            "Zu viele Zeilen sind nicht wohlgeformt",
            code="malformed_file",
            where=where,
            found=f"mehr als {MAX_MALFORMED}, zuletzt Zeile {line}",
            next_step="Trennzeichen (delimiter) und Anführungszeichen (quote) der Lieferung klären",
        )
    return RawRow(line, [re.sub(r"[\r\n]+$", "", text[:200])], "malformed_row")
