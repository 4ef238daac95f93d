"""Arrow record batches out of text rows, in pieces that fit into memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import pyarrow as pa

from warehouse.landing import FAULT, FAULT_COLUMN, FILE, LINE, RAW

ROWS_PER_BATCH = 8192
BESIDE = (FAULT, FAULT_COLUMN, RAW, FILE)


class TextRow(NamedTuple):
    """One row of text; `values` are empty for a row refused by its reader (`fault` is the reason code)."""

    line: int
    values: Sequence[str | None]
    fault: str | None = None
    fault_column: str | None = None
    raw: str | None = None
    file: str | None = None


def text_schema(columns: Sequence[str]) -> pa.Schema:
    """Schema of batches of text: the line, what stands beside a row, the contract columns."""
    return pa.schema([(LINE, pa.int64()), *((name, pa.string()) for name in (*BESIDE, *columns))])


def text_batches(columns: Sequence[str], rows: Iterable[TextRow]) -> Iterator[pa.RecordBatch]:
    """Batches of text columns; at least one (empty) batch, so that the header is never lost."""
    schema = text_schema(columns)
    iterator = iter(rows)
    first = True
    while piece := list(islice(iterator, ROWS_PER_BATCH)):
        first = False
        yield _batch(piece, schema, len(columns))
    if first:
        yield pa.RecordBatch.from_pylist([], schema=schema)


def _batch(rows: list[TextRow], schema: pa.Schema, width: int) -> pa.RecordBatch:
    nothing: tuple[str | None, ...] = (None,) * width
    head = zip(*((row.line, row.fault, row.fault_column, row.raw, row.file) for row in rows), strict=True)
    values = zip(*(row.values or nothing for row in rows), strict=True)
    arrays = [pa.array(column, kind) for column, kind in zip((*head, *values), schema.types, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
