"""Parquet: typed columns, read piece by piece."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq

from connectors.formats.content import kind_of, not_declared
from connectors.formats.plain import shaped
from connectors.formats.raw import RawRow, RawTable, checked_header, half_file
from connectors.formats.shape import Shape
from connectors.formats.spec import FileTable
from connectors.spelling import Value, typed_text

MAGIC = b"PAR1"
ROWS_AT_ONCE = 65_536


def open_parquet(path: Path, table: FileTable, where: str, timezone: str) -> RawTable:
    """Header and rows as text in the declared spelling; `line` is the number of the row.

    Moments with a zone become the town hall's clock. Raises ContractError: `not_the_declared_format`,
    `half_file`, header faults.
    """
    batches = parquet_batches(path, where)
    schema = next(batches).schema
    header = checked_header(schema.names, where)
    return RawTable(header, _rows(batches, table, ZoneInfo(timezone)))


def typed_batches(path: Path, shape: Shape, where: str) -> Iterator[pa.RecordBatch]:
    """All rows as batches of contract columns in their own types."""
    line = 1
    for batch in parquet_batches(path, where):
        lines = pa.array(range(line, line + batch.num_rows), pa.int64())
        columns = dict(zip(shape.header, batch.columns, strict=True))
        yield shaped(columns, lines, shape, path.name, typed=True)
        line += batch.num_rows


def parquet_batches(path: Path, where: str) -> Iterator[pa.RecordBatch]:
    """An empty batch with the schema, then all rows."""
    _require_parquet(path, where)
    try:
        with pq.ParquetFile(path) as file:
            yield _empty(file.schema_arrow)
            yield from file.iter_batches(ROWS_AT_ONCE)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise not_declared("parquet", where, f"beschädigt ({type(error).__name__})") from None


def _empty(schema: pa.Schema) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.array([], field.type) for field in schema], schema=schema)


def _require_parquet(path: Path, where: str) -> None:
    size = path.stat().st_size
    with path.open("rb") as stream:
        beginning = stream.read(512)
        stream.seek(max(0, size - 4))
        ending = stream.read()
    if not beginning:
        raise half_file(where, "die Datei ist leer")
    if beginning[:4] != MAGIC:
        kind = "verschlüsselt" if beginning[:4] == b"PARE" else kind_of(beginning) or "eine Textdatei"
        raise not_declared("parquet", where, kind)
    if ending != MAGIC:
        raise half_file(where, "das Verzeichnis am Ende der Datei fehlt")


def _rows(batches: Iterator[pa.RecordBatch], table: FileTable, zone: ZoneInfo) -> Iterator[RawRow]:
    line = 0
    for batch in batches:
        for values in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            line += 1
            yield RawRow(line, [_text(value, table, zone) for value in values])


def _text(value: object, table: FileTable, zone: ZoneInfo) -> Value:
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = value.astimezone(zone).replace(tzinfo=None)
    return typed_text(value, table.written_as)
