"""JSON lines: one object a line, streamed; a line that is none costs itself only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from connectors.formats.json_table import dotted, flat_record, record_row, require_names
from connectors.formats.json_text import JsonError, parse_json
from connectors.formats.raw import RawRow, RawTable, undecodable
from connectors.formats.spec import FileTable
from connectors.formats.text_file import is_unreadable, open_text
from connectors.spelling import Value

LONGEST_LINE = 10_000_000
"""Characters of one object; what is longer is no row of a table."""


def open_jsonl(path: Path, table: FileTable, where: str) -> RawTable:
    """Read the names of all lines first, then the rows on demand; `line` is the line of the file.

    Raises ContractError: `not_the_declared_format`, `half_file`, `undecodable`.
    """
    names: dict[str, None] = {}
    for _, record in _records(open_text(path, table, where), table, where):
        names.update(dict.fromkeys(record or ()))
    header = list(names)
    require_names(header, where)
    rows = _records(open_text(path, table, where), table, where)
    return RawTable(header, (_row(line, record, header) for line, record in rows))


def _row(line: int, record: dict[str, Value] | None, header: list[str]) -> RawRow:
    if record is None:
        return RawRow(line, [], "malformed_row")
    return record_row(line, record, header)


def _records(stream: TextIO, table: FileTable, where: str) -> Iterator[tuple[int, dict[str, Value] | None]]:
    wanted = dotted(table)
    line = 0
    with stream:
        try:
            for line, text in enumerate(stream, start=1):
                if text.strip():
                    record = _object(text)
                    yield line, None if record is None else flat_record(record, wanted, table.written_as)
        except UnicodeError:
            raise undecodable(table.encoding, where, f"Zeile {line + 1}") from None


def _object(text: str) -> dict[str, Any] | None:
    if len(text) > LONGEST_LINE or is_unreadable(text):
        return None
    try:
        found = parse_json(text)
    except JsonError:
        return None
    return found if isinstance(found, dict) else None
