"""Arrow record batches out of text rows, in pieces that fit into memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import pyarrow as pa

from warehouse.landing import FAULT, FAULT_COLUMN, FILE, LINE, RAW

ROWS_PER_BATCH = 8192
ROWS_TOGETHER, BYTES_TOGETHER = 65_536, 16_000_000
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


def gathered(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The same rows in fewer, larger batches: every batch costs the database a statement."""
    held: list[pa.RecordBatch] = []
    for batch in batches:
        if held and (batch.schema != held[0].schema or _is_enough(held)):
            yield _joined(held)
            held = []
        held.append(batch)
    if held:
        yield _joined(held)


def _is_enough(batches: list[pa.RecordBatch]) -> bool:
    rows, size = sum(batch.num_rows for batch in batches), sum(batch.nbytes for batch in batches)
    return bool(rows >= ROWS_TOGETHER or size >= BYTES_TOGETHER)


def _joined(batches: list[pa.RecordBatch]) -> pa.RecordBatch:
    return batches[0] if len(batches) == 1 else pa.concat_batches(batches)


def _batch(rows: list[TextRow], schema: pa.Schema, width: int) -> pa.RecordBatch:
    nothing: tuple[str | None, ...] = (None,) * width
    head = zip(*((row.line, row.fault, row.fault_column, row.raw, row.file) for row in rows), strict=True)
    values = zip(*(row.values or nothing for row in rows), strict=True)
    arrays = [pa.array(column, kind) for column, kind in zip((*head, *values), schema.types, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
