"""CSV by declared encoding and delimiter: nothing is guessed, nothing is shifted."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from connectors.formats.raw import RawRow, RawTable, checked_header, half_file
from connectors.formats.spec import FileTable
from warehouse.errors import ContractError

# Bytes the declared encoding does not know arrive as lone surrogates, so that one bad byte costs
# one row and not the file; a NUL byte never belongs in a text.
UNDECODABLE = re.compile("[\x00\udc80-\udcff]")


def open_csv(path: Path, table: FileTable, where: str) -> RawTable:
    """Read the header at once and the rows on demand.

    Raises ContractError: `half_file` (empty, no end of line at the end, open quotation mark, no header),
    `undecodable`, `blank_header`, `duplicate_header`.
    """
    _require_content(path, table.encoding, where)
    if table.require_newline:
        _require_end_of_line(path, table.encoding, where)
    return _begin(_open(path, table.encoding), table, where)


def _open(path: Path, encoding: str) -> TextIO:
    # A byte order mark is not part of the first column's name, whether it was announced or not.
    name = "utf-8-sig" if encoding.lower().replace("_", "-") in ("utf-8", "utf8") else encoding
    errors = "strict" if name.lower().startswith("utf-16") else "surrogateescape"
    return path.open(encoding=name, errors=errors, newline="")


def _require_content(path: Path, encoding: str, where: str) -> None:
    with path.open("rb") as stream:
        beginning = stream.read(4)
    if not beginning:
        raise half_file(where, "die Datei ist leer")
    wide = encoding.lower().replace("_", "-").startswith(("utf-16", "utf-32"))
    if not wide and (beginning.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in beginning):
        # Read byte by byte it would look like a file cut in half.
        raise _not_encoded(encoding, where, "die Datei beginnt wie UTF-16")


def _not_encoded(encoding: str, where: str, found: str) -> ContractError:
    return ContractError(
        f"Die Datei ist nicht in {encoding} geschrieben",
        code="undecodable",
        where=where,
        found=found,
        next_step="Die Kodierung der Lieferung klären und als encoding angeben",
    )


def _require_end_of_line(path: Path, encoding: str, where: str) -> None:
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - 4))
        ending = stream.read().rstrip(b"\x00" if encoding.lower().startswith("utf-16") else b"")
    if not ending.endswith((b"\n", b"\r")):
        raise half_file(
            where,
            "die letzte Zeile hat kein Zeilenende",
            "Eine neue Lieferung anfordern; endet die letzte Zeile immer so: require_newline = false",
        )


def _begin(stream: TextIO, table: FileTable, where: str) -> RawTable:
    for _ in range(table.header_row - 1):
        stream.readline()
    reader = csv.reader(stream, delimiter=table.delimiter, strict=True)
    try:
        names = next(reader, None)
    except (csv.Error, UnicodeError) as error:
        stream.close()
        raise ContractError(
            "Die Kopfzeile lässt sich nicht lesen", code="malformed_file", where=where, found=str(error)
        ) from None
    if not names:
        stream.close()
        raise half_file(where, f"keine Kopfzeile in Zeile {table.header_row}")
    header = checked_header(names, where)
    return RawTable(header, _rows(stream, reader, len(header), table, where))


def _rows(stream: TextIO, reader: Any, width: int, table: FileTable, where: str) -> Iterator[RawRow]:
    above = table.header_row - 1
    with stream:
        while True:
            line = reader.line_num + above + 1
            try:
                values = next(reader)
            except StopIteration:
                return
            except UnicodeError:
                raise _not_encoded(table.encoding, where, f"Zeile {line}") from None
            except csv.Error as error:
                if "unexpected end" in str(error):
                    raise half_file(
                        where, f"ein Anführungszeichen aus Zeile {line} wird nie geschlossen"
                    ) from None
                yield RawRow(line, [], "malformed_row")
                continue
            if any(values):
                yield RawRow(line, values, _fault(values, width))


def _fault(values: list[str], width: int) -> str | None:
    if any(UNDECODABLE.search(value) for value in values if not value.isascii() or "\x00" in value):
        return "undecodable"
    if len(values) != width:
        return "extra_field" if len(values) > width else "missing_field"
    return None
