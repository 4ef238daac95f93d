"""CSV by the block: what is simple is parsed column by column, everything else row by row as always.

A block is simple when each of its lines is one row of the right width in the declared encoding. The slow
path decides what anything else means, so both give the same rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from connectors.batches import TextRow, text_batches
from connectors.formats.csv_table import csv_rows
from connectors.formats.grid import fitted, whole_width
from connectors.formats.plain import is_plain, shaped
from connectors.formats.raw import RawRow, RawTable
from connectors.formats.shape import Shape
from connectors.formats.spec import FileTable
from connectors.formats.text_file import is_utf8

BLOCK = 4_000_000
LONGEST_VALUE = 131_072
"""Where the row reader stops reading a field (csv.field_size_limit)."""
_SECOND_CONTROLS = re.compile(rb"\xc2[\x80-\x9f]")
_MARK = b"\xef\xbb\xbf"


def reads_by_block(table: FileTable, raw: RawTable) -> bool:
    """Whether a file may be read by the block: plain mapping, lines that can be told apart by their bytes."""
    return (
        raw.begins is not None
        and table.first_row is None
        and is_plain(table)
        and (table.delimiter + table.quote).isascii()
        and _is_ascii_and_more(table.encoding)
    )


@cache
def _is_ascii_and_more(encoding: str) -> bool:
    """Whether line ends and delimiters are the bytes everybody knows."""
    plain = bytes(range(128))
    try:
        return plain.decode(encoding) == plain.decode("ascii")
    except UnicodeError:
        return False


def block_batches(
    path: Path, raw: RawTable, shape: Shape, table: FileTable, where: str
) -> Iterator[pa.RecordBatch]:
    """All rows of a file as batches of contract columns, refused ones among them."""
    with path.open("rb") as stream:
        line = raw.begins or 1
        if not _skip(stream, line - 1):
            yield from _slow(raw.rows, shape, path.name)
            return
        for block in _blocks(stream):
            lines = _count_lines(block)
            batch = _quick(block, line, lines, raw.header, shape, table, path.name)
            if batch is not None:
                yield batch
            elif table.quote and table.quote.encode() in block:
                # A row may go on behind the block: from here on row by row.
                yield from _slow((row for row in raw.rows if row.line >= line), shape, path.name)
                return
            else:
                rows = _fitted_rows(_decoded(block, table), line, raw, table, where)
                yield from _slow(rows, shape, path.name)
            line += lines
    raw.close()


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    at_the_beginning = stream.tell() == 0
    while block := stream.read(BLOCK):
        block += stream.readline()
        yield block.removeprefix(_MARK) if at_the_beginning else block
        at_the_beginning = False


def _skip(stream: BinaryIO, count: int) -> bool:
    """Leave lines out; False when they do not all end the usual way."""
    lines = [stream.readline() for _ in range(count)]
    return all(
        line.endswith(b"\n") and b"\r" not in line.removesuffix(b"\n").removesuffix(b"\r") for line in lines
    )


def _count_lines(block: bytes) -> int:
    # A carriage return of its own ends a line, too, for whoever reads row by row.
    ends = block.count(b"\n") + block.count(b"\r") - block.count(b"\r\n")
    return ends + (not block.endswith((b"\n", b"\r")))


def _quick(
    block: bytes, line: int, lines: int, header: list[str], shape: Shape, table: FileTable, file: str
) -> pa.RecordBatch | None:
    text = _as_utf8(block, table)
    if text is None or not _lines_are_rows(text, table):
        return None
    columns = _parsed(text, header, table)
    if columns is None or columns.num_rows != lines:
        return None
    arrays = [chunked.combine_chunks() for chunked in columns.columns]
    if any((pc.max(pc.binary_length(array)).as_py() or 0) > LONGEST_VALUE for array in arrays):
        return None
    numbers = pa.array(np.arange(line, line + lines, dtype=np.int64))
    blank = _blank_rows(arrays)
    if blank is not None:
        keep = pc.invert(blank)
        arrays, numbers = [array.filter(keep) for array in arrays], numbers.filter(keep)
    return shaped(dict(zip(header, arrays, strict=True)), numbers, shape, file, typed=False)


def _as_utf8(block: bytes, table: FileTable) -> bytes | None:
    """The block in UTF-8, None when it holds what the declared encoding does not know."""
    # A byte order mark inside a file is a character; the parser would take it for one of its own.
    if b"\x00" in block or block.startswith(_MARK):
        return None
    if block.isascii():
        return block
    try:
        text = block.decode("utf-8" if is_utf8(table.encoding) else table.encoding).encode()
    except UnicodeError:
        return None
    return None if _SECOND_CONTROLS.search(text) else text


def _lines_are_rows(text: bytes, table: FileTable) -> bool:
    if text.count(b"\r") != text.count(b"\r\n"):
        return False
    quote = table.quote.encode()
    if not quote or quote not in text:
        return True
    # Every mark opens or closes a whole field within its line.
    part, mark = re.escape(table.delimiter.encode()), re.escape(quote)
    field = (
        rb"(?<![^"
        + part
        + rb"\n])"
        + mark
        + rb"[^"
        + mark
        + rb"\r\n]*"
        + mark
        + rb"(?![^"
        + part
        + rb"\r\n])"
    )
    return 2 * len(re.findall(field, text)) == text.count(quote)


def _parsed(text: bytes, header: list[str], table: FileTable) -> pa.Table | None:
    try:
        return pacsv.read_csv(
            pa.BufferReader(text),
            read_options=pacsv.ReadOptions(column_names=header, block_size=len(text) + 1, use_threads=False),
            parse_options=pacsv.ParseOptions(
                delimiter=table.delimiter, quote_char=table.quote or False, ignore_empty_lines=False
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(header, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return None


def _blank_rows(arrays: list[pa.Array]) -> pa.Array | None:
    """Which rows hold nothing at all, None when there are none."""
    blank = pc.equal(arrays[0], "")
    for array in arrays[1:]:
        if not pc.any(blank).as_py():
            return None
        blank = pc.and_(blank, pc.equal(array, ""))
    return blank if pc.any(blank).as_py() else None


def _decoded(block: bytes, table: FileTable) -> str:
    return block.decode("utf-8" if is_utf8(table.encoding) else table.encoding, "surrogateescape")


def _fitted_rows(text: str, line: int, raw: RawTable, table: FileTable, where: str) -> Iterator[RawRow]:
    columns = whole_width(raw.header)
    rows = (row for row in csv_rows(text, line, table, where) if any(row.values) or row.fault)
    return (fitted(row, columns, strict=True) for row in rows)


def _slow(rows: Iterator[RawRow], shape: Shape, file: str) -> Iterator[pa.RecordBatch]:
    told = (TextRow(r.line, r.values, r.fault, r.fault_column, r.raw, file) for r in shape.rows(rows))
    yield from text_batches(shape.columns, told)
