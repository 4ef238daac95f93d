"""Files of text by declared encoding: refused as a whole when they are something else or end too early."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TextIO

from connectors.formats.content import require_text
from connectors.formats.raw import half_file, undecodable
from connectors.formats.spec import FileTable

# Bytes the declared encoding does not know arrive as lone surrogates, so that one bad byte costs
# one row and not the file; a NUL byte never belongs in a text. Control characters of the second
# block are Windows-1252 read as Latin-1: a Euro sign would arrive as \x80.
_UNREADABLE = re.compile("[\x00\x80-\x9f\udc80-\udcff]")


def open_text(path: Path, table: FileTable, where: str) -> TextIO:
    """The text of a file, line ends as they are; what cannot be decoded arrives as lone surrogates.

    Raises ContractError: `not_the_declared_format`, `half_file`, `undecodable`.
    """
    with path.open("rb") as stream:
        beginning = stream.read(512)
    if not beginning:
        raise half_file(where, "die Datei ist leer")
    _require_width(beginning, table.encoding, where)
    require_text(beginning, table.format, where, table.encoding)
    if table.require_newline:
        _require_end_of_line(path, table.encoding, where)
    # A byte order mark is not part of the first column's name, whether it was announced or not.
    name = "utf-8-sig" if is_utf8(table.encoding) else table.encoding
    errors = "strict" if is_wide(table.encoding) else "surrogateescape"
    return path.open(encoding=name, errors=errors, newline="")


def is_unreadable(value: str) -> bool:
    """Whether a text holds what the declared encoding does not know, or a NUL byte."""
    return (not value.isascii() or "\x00" in value) and _UNREADABLE.search(value) is not None


def is_utf8(encoding: str) -> bool:
    """Whether it is UTF-8 under one of its names."""
    return encoding.lower().replace("_", "-") in ("utf-8", "utf8", "utf-8-sig")


def is_wide(encoding: str) -> bool:
    """Whether a character takes two or four bytes."""
    return encoding.lower().replace("_", "-").startswith(("utf-16", "utf-32", "utf16", "utf32"))


def _require_width(beginning: bytes, encoding: str, where: str) -> None:
    if not is_wide(encoding) and (
        beginning.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in beginning[:4]
    ):
        # Read byte by byte it would look like a file cut in half.
        raise undecodable(encoding, where, "die Datei beginnt wie UTF-16")


def _require_end_of_line(path: Path, encoding: str, where: str) -> None:
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - 4))
        ending = stream.read().rstrip(b"\x00" if is_wide(encoding) else b"")
    if not ending.endswith((b"\n", b"\r")):
        raise half_file(
            where,
            "die letzte Zeile hat kein Zeilenende",
            "Eine neue Lieferung anfordern; endet die letzte Zeile immer so: require_newline = false",
        )
