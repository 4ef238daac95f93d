"""JSON: records at a dotted path; amounts stay decimal, never floating point."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from connectors.formats.json_text import JsonError, parse_json
from connectors.formats.raw import RawRow, RawTable, half_file
from connectors.formats.spec import FileTable
from connectors.spelling import Value, typed_text
from warehouse.errors import ContractError, did_you_mean
from warehouse.textformat import TextFormat

MAX_BYTES = 200 * 1024 * 1024


def open_json(path: Path, table: FileTable, where: str) -> RawTable:
    """Read the records; a field may be a dotted path into nested objects. `line` is the record's number.

    Raises ContractError: `half_file`, `malformed_file`, `undecodable`, `missing_records`.
    """
    records = _records(_document(path, table.encoding, where), table.records, where)
    wanted = [name for name in table.columns.values() if "." in name]
    rows = [_flat(record, wanted, table.written_as) for record in records]
    header = list(dict.fromkeys(name for row in rows for name in row))
    return RawTable(header, _rows(rows, header))


def _document(path: Path, encoding: str, where: str) -> Any:
    if path.stat().st_size > MAX_BYTES:
        limit = f"{MAX_BYTES // 1024**2} MB"
        raise ContractError("Die Datei ist zu groß", code="too_large", where=where, allowed=limit)
    try:
        text = path.read_bytes().decode("utf-8-sig" if encoding.lower() in ("utf-8", "utf8") else encoding)
    except UnicodeError as error:
        raise ContractError(
            f"Die Datei ist nicht in {encoding} geschrieben",
            code="undecodable",
            where=where,
            found=str(error),
        ) from None
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


def _flat(record: dict[str, Any], wanted: Iterable[str], text: TextFormat) -> dict[str, Value]:
    row = {name: _text(value, text) for name, value in record.items()}
    return row | {name: _text(value, text) for name in wanted if (value := _dig(record, name)) is not None}


def _dig(record: Any, path: str) -> Any:
    for name in path.split("."):
        record = record.get(name) if isinstance(record, dict) else None
    return record


def _text(value: Any, text: TextFormat) -> Value:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return typed_text(value, text)


def _rows(rows: list[dict[str, Value]], header: list[str]) -> Iterator[RawRow]:
    for number, row in enumerate(rows, start=1):
        yield RawRow(number, [row.get(name) for name in header])


def _malformed(where: str, found: str) -> ContractError:
    return ContractError("Die Datei ist kein lesbares JSON", code="malformed_file", where=where, found=found)
