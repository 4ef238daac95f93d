"""The Parquet file of accepted rows, written piece by piece in the order of delivery."""

from __future__ import annotations

from pathlib import Path
from typing import Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq


class RowsFile:
    """Rows under their contract names; beside them it knows which file each run of rows came from."""

    def __init__(self, path: Path) -> None:
        self.path, self.rows = path, 0
        self.origins: list[tuple[int, str | None]] = []
        """Number of a row (from 0) and the delivered file from which this and the following rows came."""
        self._writer: pq.ParquetWriter | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._writer is not None:
            self._writer.close()

    def begin(self, schema: pa.Schema) -> None:
        """Name the columns; a delivery without rows has them, too."""
        if self._writer is None:
            self._writer = self._open(schema)

    def add(self, rows: pa.RecordBatch, files: pa.Array) -> None:
        """Append rows; `files` names for each the file it came from. Comes after `begin`."""
        if self._writer is not None and rows.num_rows:
            self._note_origins(files)
            self.rows += rows.num_rows
            self._writer.write_batch(rows)

    def _open(self, schema: pa.Schema) -> pq.ParquetWriter:
        # Texts repeat their words; for numbers and moments a dictionary only costs time.
        texts = [column.name for column in schema if pa.types.is_string(column.type)]
        return pq.ParquetWriter(
            self.path,
            schema,
            compression="zstd",
            compression_level=1,
            use_dictionary=texts,
            store_decimal_as_integer=True,
        )

    def _note_origins(self, files: pa.Array) -> None:
        for start, name in _runs(files):
            if not self.origins or self.origins[-1][1] != name:
                self.origins.append((self.rows + start, name))


def _runs(names: pa.Array) -> list[tuple[int, str | None]]:
    """Where in a column each run of equal names starts."""
    if names.null_count == len(names):
        return [(0, None)] if len(names) else []
    encoded = pc.run_end_encode(names)
    starts = [0, *encoded.run_ends.to_pylist()[:-1]]
    return list(zip(starts, encoded.values.to_pylist(), strict=True))
