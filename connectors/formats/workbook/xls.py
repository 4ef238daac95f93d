"""XLS: error values, hidden rows and the extent of sheets, out of their records ([MS-XLS])."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from connectors.formats.workbook.compound import compound_stream
from connectors.formats.workbook.sheet import SheetFacts

BOUNDSHEET, ROW, BOF, EOF, FILEPASS = 0x85, 0x208, 0x809, 0x0A, 0x2F
FORMULA, BOOLERR, NUMBER, RK, LABELSST, LABEL = 0x06, 0x205, 0x203, 0x27E, 0xFD, 0x204
MULRK = 0xBD
_CELLS = (FORMULA, BOOLERR, NUMBER, RK, LABELSST, LABEL, MULRK)
_HIDDEN = 0x20
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}


class ProtectedError(ValueError):
    """The records are encrypted."""


def xls_facts(path: Path) -> list[SheetFacts]:
    """Facts of all sheets in their order. Raises ProtectedError, BadCompoundError."""
    stream = compound_stream(path.read_bytes(), ("Workbook", "Book"))
    starts = [int.from_bytes(body[:4], "little") for kind, body in _globals(stream) if kind == BOUNDSHEET]
    return [_facts(_records(stream, start)) for start in starts]


def _facts(records: Iterator[tuple[int, bytes]]) -> SheetFacts:
    facts, hidden, filled = SheetFacts(), set[int](), set[int]()
    for kind, body in records:
        if kind == ROW and len(body) >= 14 and _word(body, 12) & _HIDDEN:
            hidden.add(_word(body, 0))
        elif kind in _CELLS and len(body) >= 6:
            filled.add(_word(body, 0))
            _take_cell(kind, body, facts)
    facts.hidden = hidden & filled
    return facts


def _globals(stream: bytes) -> Iterator[tuple[int, bytes]]:
    for kind, body in _records(stream, 0):
        if kind == FILEPASS:
            raise ProtectedError
        yield kind, body


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Records of one part of the stream, from its BOF to its EOF; charts inside it are left out."""
    depth = 0
    while at + 4 <= len(stream):
        kind, size = _word(stream, at), _word(stream, at + 2)
        body = stream[at + 4 : at + 4 + size]
        at += 4 + size
        if kind == BOF:
            depth += 1
        elif kind == EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield kind, body


def _take_cell(kind: int, body: bytes, facts: SheetFacts) -> None:
    row, column = _word(body, 0), _word(body, 2)
    facts.reach(row, _word(body, len(body) - 2) if kind == MULRK else column)
    code = _error_code(kind, body)
    if code is not None:
        facts.error(row, column, _ERRORS.get(code, "#FEHLER"))


def _error_code(kind: int, body: bytes) -> int | None:
    if kind == BOOLERR and len(body) >= 8 and body[7] == 1:
        return body[6]
    # A formula notes its last result in eight bytes; FF FF at their end marks what is no number.
    if kind == FORMULA and len(body) >= 14 and body[12:14] == b"\xff\xff" and body[6] == 2:
        return body[8]
    return None


def _word(content: bytes, at: int) -> int:
    return int.from_bytes(content[at : at + 2], "little")
