"""Arrow record batches out of text rows, in pieces that fit into memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import pyarrow as pa

from warehouse.landing import FAULT, FAULT_COLUMN, LINE, RAW

ROWS_PER_BATCH = 8192

TextRow = tuple[int, str | None, str | None, str | None, Sequence[str | None]]
"""(line, reason code, column, raw text, values); values are empty for a refused row."""


def text_batches(columns: Sequence[str], rows: Iterable[TextRow]) -> Iterator[pa.RecordBatch]:
    """Batches of text columns; at least one (empty) batch, so that the header is never lost."""
    schema = pa.schema(
        [(LINE, pa.int64()), (FAULT, pa.string()), (FAULT_COLUMN, pa.string()), (RAW, pa.string())]
        + [(name, pa.string()) for name in columns]
    )
    iterator = iter(rows)
    first = True
    while piece := list(islice(iterator, ROWS_PER_BATCH)):
        first = False
        yield _batch(piece, schema, len(columns))
    if first:
        yield pa.RecordBatch.from_pylist([], schema=schema)


def _batch(rows: list[TextRow], schema: pa.Schema, width: int) -> pa.RecordBatch:
    nothing: tuple[str | None, ...] = (None,) * width
    head = [pa.array([row[position] for row in rows], schema.types[position]) for position in range(4)]
    values = zip(*(row[4] or nothing for row in rows), strict=True)
    return pa.RecordBatch.from_arrays(
        [*head, *(pa.array(column, pa.string()) for column in values)], schema=schema
    )
