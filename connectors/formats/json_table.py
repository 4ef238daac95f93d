"""JSON: records at a dotted path; amounts stay decimal, never floating point."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from connectors.formats.content import require_text
from connectors.formats.json_text import JsonError, parse_json
from connectors.formats.raw import RawRow, RawTable, half_file, undecodable
from connectors.formats.spec import FileTable
from connectors.formats.text_file import is_utf8, is_wide
from connectors.spelling import Value, typed_text
from warehouse.errors import ContractError, did_you_mean
from warehouse.textformat import TextFormat

MAX_BYTES = 200 * 1024 * 1024
# An escape such as \ud800 is half of a character; no database keeps it.
_HALF = re.compile("[\ud800-\udfff]")


def open_json(path: Path, table: FileTable, where: str) -> RawTable:
    """Read the records; a field may be a dotted path into nested objects. `line` is the record's number.

    Raises ContractError: `half_file`, `malformed_file`, `undecodable`, `missing_records`.
    """
    records = _records(_document(path, table.encoding, where), table.records, where)
    wanted = dotted(table)
    rows = [flat_record(record, wanted, table.written_as) for record in records]
    header = list(dict.fromkeys(name for row in rows for name in row))
    require_names(header, where)
    return RawTable(header, (record_row(number, row, header) for number, row in enumerate(rows, start=1)))


def dotted(table: FileTable) -> list[str]:
    """Declared names that lead into nested objects."""
    wide = table.unpivot.columns if table.unpivot else ()
    names = {*table.columns.values(), *table.looked_at(), *(column.source or "" for column in wide)}
    return sorted(name for name in names if "." in name)


def flat_record(record: dict[str, Any], wanted: Iterable[str], text: TextFormat) -> dict[str, Value]:
    """The fields of a record as text, and those below it that are `wanted` by their dotted names."""
    row = {name: _text(value, text) for name, value in record.items()}
    return row | {name: _text(value, text) for name in wanted if (value := _dig(record, name)) is not None}


def record_row(line: int, record: dict[str, Value], header: Sequence[str]) -> RawRow:
    """A record in the order of the header; half a character in it refuses the row."""
    values = [record.get(name) for name in header]
    halves = any(value and not value.isascii() and _HALF.search(value) for value in values)
    return RawRow(line, values, "undecodable" if halves else None)


def require_names(header: Sequence[str], where: str) -> None:
    """ContractError `malformed_file` when a name holds half a character."""
    if any(_HALF.search(name) for name in header):
        raise _malformed(where, "ein Name enthält ein halbes Zeichen")


def _document(path: Path, encoding: str, where: str) -> Any:
    if path.stat().st_size > MAX_BYTES:
        limit = f"{MAX_BYTES // 1024**2} MB"
        raise ContractError("Die Datei ist zu groß", code="too_large", where=where, allowed=limit)
    with path.open("rb") as stream:
        beginning = stream.read(512)
    if not beginning:
        raise half_file(where, "die Datei ist leer")
    if not is_wide(encoding):
        require_text(beginning, "json", where)
    try:
        text = path.read_bytes().decode("utf-8-sig" if is_utf8(encoding) else encoding)
    except UnicodeError as error:
        raise undecodable(encoding, where, type(error).__name__) from None
    try:
        return parse_json(text)
    except JsonError as fault:
        raise half_file(where, str(fault)) if fault.cut else _malformed(where, str(fault)) from None


def _records(document: Any, path: str, where: str) -> list[dict[str, Any]]:
    found = document
    for name in filter(None, path.split(".")):
        if not isinstance(found, dict) or name not in found:
            raise ContractError(
                f"Datensätze fehlen: kein „{name}“ auf dem Weg zu „{path}“",
                code="missing_records",
                where=where,
                found=", ".join(found) if isinstance(found, dict) else type(found).__name__,
                next_step=did_you_mean(name, found) if isinstance(found, dict) else None,
            )
        found = found[name]
    if not isinstance(found, list) or not all(isinstance(record, dict) for record in found):
        raise _malformed(where, f"keine Liste von Objekten bei „{path or 'dem Anfang'}“")
    return found


def _dig(record: Any, path: str) -> Any:
    for name in path.split("."):
        record = record.get(name) if isinstance(record, dict) else None
    return record


def _text(value: Any, text: TextFormat) -> Value:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return typed_text(value, text)


def _malformed(where: str, found: str) -> ContractError:
    return ContractError("Die Datei ist kein lesbares JSON", code="malformed_file", where=where, found=found)
