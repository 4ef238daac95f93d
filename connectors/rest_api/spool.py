"""Rows of an answer on their way to the landing zone: kept on disk until all pages have come."""

from __future__ import annotations

import hashlib
import io
import re
import tempfile
from collections.abc import Iterator, Sequence

import pyarrow as pa

from connectors.batches import ROWS_PER_BATCH
from connectors.formats.raw import RawRow
from connectors.spelling import Value

BYTES_TOGETHER = 16_000_000
"""Long texts are written earlier than so many rows of short ones."""

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class Spool:
    """Rows of text under fixed names; memory holds one batch of them.

    The file has no name: nothing is left behind, whatever ends the process. `in_memory` keeps all rows there,
    where persons are named that may not touch a disk.
    """

    def __init__(self, names: Sequence[str], *, in_memory: bool = False) -> None:
        self.names = list(names)
        self.count = 0
        columns = [(f"c{position}", pa.string()) for position in range(len(self.names))]
        self._schema = pa.schema([("line", pa.int64()), ("fault", pa.string()), *columns])
        # Either lives as long as the spool.
        self._file = io.BytesIO() if in_memory else tempfile.TemporaryFile(prefix="isek-")  # noqa: SIM115
        self._writer = pa.ipc.new_stream(self._file, self._schema)
        self._waiting: list[tuple[object, ...]] = []
        self._size = 0
        self._hash = hashlib.sha256()

    @property
    def digest(self) -> str:
        """What all rows so far say, in their order."""
        return self._hash.hexdigest()

    def add(self, line: int, values: Sequence[Value], fault: str | None = None) -> None:
        """Keep one row; with a fault its one value is the text of the refused row."""
        if fault is not None:
            values = [";".join(value or "" for value in values), *(None,) * (len(self.names) - 1)]
        self._waiting.append((line, fault, *values))
        self._size += sum(len(value) for value in values if value)
        self._hash.update(repr(values).encode())
        self.count += 1
        if len(self._waiting) >= ROWS_PER_BATCH or self._size >= BYTES_TOGETHER:
            self._write()

    def rows(self) -> Iterator[RawRow]:
        """All rows; after this none can be added."""
        self._write()
        self._writer.close()
        self._file.seek(0)
        with pa.ipc.open_stream(self._file) as reader:
            for batch in reader:
                for line, fault, *values in zip(*(c.to_pylist() for c in batch.columns), strict=True):
                    yield RawRow(line, values[:1] if fault else values, fault)
        self._file.close()

    def _write(self) -> None:
        if not self._waiting:
            return
        columns = list(zip(*self._waiting, strict=True))
        arrays = [_array(column, kind) for column, kind in zip(columns, self._schema.types, strict=True)]
        self._writer.write_batch(pa.RecordBatch.from_arrays(arrays, schema=self._schema))
        self._waiting, self._size = [], 0


def _array(column: Sequence[object], kind: pa.DataType) -> pa.Array:
    try:
        return pa.array(column, kind)
    except UnicodeEncodeError:
        # Half a character (JSON may spell it) becomes a NUL, which no text column accepts.
        return pa.array([_LONE_SURROGATE.sub("\x00", v) if isinstance(v, str) else v for v in column], kind)
