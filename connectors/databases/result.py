"""Results of queries: their columns against the contract, their values as typed Arrow or canonical text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from connectors.base import Finding, TableSpec
from connectors.columns import require_columns
from connectors.spelling import MOMENT, typed_text
from warehouse.contract import Subject
from warehouse.errors import ContractError
from warehouse.landing import DELETED, LINE

Local = Callable[[datetime], datetime]


@dataclass
class Result:
    """Columns of an open query, a function that reads its rows in a given shape, remarks on the session."""

    columns: Sequence[str]
    batches: Callable[[ResultShape], Iterator[pa.RecordBatch]]
    findings: list[Finding] = field(default_factory=list)


class ResultShape:
    """Which result column feeds which contract column.

    Raises ContractError: `duplicate_header` or `missing_column`.
    """

    def __init__(self, names: Sequence[str], table: TableSpec, subject: Subject, where: str) -> None:
        self.where, self.deleted_when = where, table.deleted_when
        self._names = list(names)
        if len(set(names)) < len(names):
            raise ContractError(
                "Spaltennamen kommen doppelt vor",
                code="duplicate_header",
                where=where,
                found=", ".join(names),
            )
        sources = {name: name for name in subject.columns if name in self._names}
        needed = {name for name, column in subject.columns.items() if column.required}
        if table.deleted_when:
            sources[DELETED] = table.deleted_when.column
            needed.add(table.deleted_when.column)
        require_columns(needed, self._names, where)
        self.columns = list(sources)
        self.types = [subject.columns[name].type if name in subject.columns else "text" for name in sources]
        self.scales = {
            name: column.scale for name, column in subject.columns.items() if column.type == "decimal"
        }
        self.positions = [self._names.index(source) for source in sources.values()]

    def findings(self) -> list[Finding]:
        """Columns of the query nobody asked for."""
        extra = [name for position, name in enumerate(self._names) if position not in self.positions]
        return (
            [Finding("warning", "extra_column", f"nicht verwendete Spalten: {', '.join(extra)}", self.where)]
            if extra
            else []
        )

    def texts_of(self, name: str, values: Sequence[Any], local: Local) -> list[str | None]:
        """Values of one of `columns` as canonical text."""
        kind = self.types[self.columns.index(name)]
        texts = [text_value(value, kind, local) for value in values]
        if name != DELETED or not self.deleted_when:
            return texts
        return ["true" if text == self.deleted_when.equals else "false" for text in texts]


def text_batch(rows: Sequence[Sequence[Any]], shape: ResultShape, line: int, local: Local) -> pa.RecordBatch:
    """Rows of a driver as text under contract names with `_line`, counted on from `line`."""
    cells = list(zip(*rows, strict=True))
    arrays = [
        pa.array(shape.texts_of(name, cells[position] if rows else (), local), pa.string())
        for name, position in zip(shape.columns, shape.positions, strict=True)
    ]
    return pa.RecordBatch.from_arrays([_lines(line, len(rows)), *arrays], names=[LINE, *shape.columns])


def _lines(line: int, count: int) -> pa.Array:
    return pa.array(np.arange(line + 1, line + 1 + count, dtype=np.int64))


def text_value(value: object, column_type: str, local: Local) -> str | None:
    """Canonical text of one database value. Moments with a zone become the town hall's time."""
    if column_type in ("date", "timestamp"):
        return _moment_text(value, column_type, local)
    return _plain_text(value)


def _moment_text(value: object, column_type: str, local: Local) -> str | None:
    moment = _moment(value)
    if moment is None:
        return typed_text(value)
    moment = local(moment) if moment.tzinfo else moment
    if column_type == "date" and moment.time() == datetime.min.time():
        return moment.date().isoformat()
    return moment.strftime(MOMENT)


def _moment(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, datetime.min.time())
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def contract_batch(
    batch: pa.RecordBatch, shape: ResultShape, line: int, numbers: frozenset[str] = frozenset()
) -> pa.RecordBatch:
    """A typed batch under contract names with `_line`, counted on from `line`.

    `numbers` are columns of the result that the server spelled out of exact numbers.
    """
    lines = _lines(line, batch.num_rows)
    arrays = [_known_type(batch.column(position)) for position in shape.positions]
    if shape.deleted_when and DELETED in shape.columns:
        at = shape.columns.index(DELETED)
        equal = pc.equal(arrays[at].cast(pa.string()), shape.deleted_when.equals)
        arrays[at] = pc.fill_null(equal, False)
    for at, name in enumerate(shape.columns):
        if name in numbers and name in shape.scales:
            arrays[at] = _amounts(arrays[at], shape.scales[name])
    return pa.RecordBatch.from_arrays([lines, *arrays], names=[LINE, *shape.columns])


def _amounts(spelled: pa.Array, scale: int) -> pa.Array:
    """As numbers where all of them fit; with a single one that does not, texts, to be judged one by one."""
    try:
        return spelled.cast(pa.decimal128(18, scale))
    except pa.ArrowInvalid:
        return spelled


def _known_type(array: pa.Array) -> pa.Array:
    # numeric, json, uuid and the like arrive wrapped; their text is exact.
    if isinstance(array, pa.ExtensionArray) and pa.types.is_string(array.storage.type):
        return array.storage
    if isinstance(array, pa.ExtensionArray) or pa.types.is_binary(array.type):
        return pa.array([_plain_text(value) for value in array.to_pylist()], pa.string())
    return array


def _plain_text(value: object) -> str | None:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("utf-8", "backslashreplace")
    return typed_text(value)
