"""Parquet of the explorer: typed columns, amounts as decimals, what it is about in the file's metadata."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from dashboard.export.cells import Cell, exact
from dashboard.export.explorer_answer import Analysis
from dashboard.export.explorer_long import Column, long_columns, long_rows

DIGITS, DECIMALS = 38, 10
COMPRESSION = "zstd"
_NAMES = {"Titel": "title", "Datenstand": "datenstand", "Stand (Schnappschuss)": "snapshot"}


def pivot_parquet(analysis: Analysis) -> bytes:
    """Return the long form; figures are decimals where an amount is among them, else floating."""
    has_amount = any(info.unit == "eur" for info in analysis.pivot.measures)
    columns, rows = long_columns(analysis), list(long_rows(analysis))
    arrays = [_array(c, [row[index] for row in rows], has_amount) for index, c in enumerate(columns)]
    table = pa.Table.from_arrays(arrays, names=[column.name for column in columns])
    target = io.BytesIO()
    pq.write_table(table.replace_schema_metadata(told(analysis.metadata())), target, compression=COMPRESSION)
    return target.getvalue()


def _array(column: Column, cells: Sequence[Cell], has_amount: bool) -> Any:
    if column.type == "text":
        return pa.array([cell.text or None for cell in cells], pa.string())
    if has_amount:
        return pa.array([_decimal(cell) for cell in cells], pa.decimal128(DIGITS, DECIMALS))
    return pa.array([None if cell.value is None else float(cell.value) for cell in cells], pa.float64())  # type: ignore[arg-type]


def _decimal(cell: Cell) -> Decimal | None:
    return None if cell.value is None else exact(cell.value)  # type: ignore[arg-type]


def told(metadata: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Return what the file says about itself: some names of their own, and everything as one text."""
    chosen = [(name.removeprefix("Filter "), text) for name, text in metadata if name.startswith("Filter")]
    own = {_NAMES[name]: text for name, text in metadata if name in _NAMES}
    meaning = [[name, text] for name, text in metadata if ": " in name or name == "Kennzahl"]
    return {
        **own,
        "filters": "; ".join(f"{name}: {text}" for name, text in chosen),
        "definitions": json.dumps(meaning, ensure_ascii=False),
        "metadaten": json.dumps([list(entry) for entry in metadata], ensure_ascii=False),
    }
