"""Tables for programs: typed columns, written as CSV (international, German) or as an Arrow stream."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from math import isfinite
from typing import Any, Literal

import pyarrow as pa

from dashboard.export.cells import cleaned, harmless

Type = Literal["text", "integer", "number", "amount", "boolean", "date", "timestamp"]
MARK = "\ufeff"
CENTS, MOST_DECIMALS = 2, 12


@dataclass(frozen=True, slots=True)
class Tabular:
    """Rows in the order of `columns`, which are names with their types; None is „no value“."""

    columns: tuple[tuple[str, Type], ...]
    rows: Sequence[Sequence[object]]


def csv_text(table: Tabular, *, german: bool) -> str:
    """Return CSV: comma and point, or (German) semicolon, decimal comma and a mark for spreadsheets."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";" if german else ",", lineterminator="\r\n")
    writer.writerow([name for name, _ in table.columns])
    writers = [_WRITERS[kind] for _, kind in table.columns]
    for row in table.rows:
        texts = ["" if value is None else write(value) for write, value in zip(writers, row, strict=True)]
        writer.writerow([_german(text, *column) for text, column in zip(texts, table.columns, strict=True)]
                        if german else texts)  # fmt: skip
    return MARK + stream.getvalue() if german else stream.getvalue()


def _german(text: str, name: str, kind: Type) -> str:
    return text.replace(".", ",") if kind in ("number", "amount") else text


def arrow_stream(table: Tabular, about: Mapping[str, str]) -> bytes:
    """Return an Arrow IPC stream; `about` becomes metadata of its schema."""
    arrays = [
        _array([row[index] for row in table.rows], kind) for index, (_, kind) in enumerate(table.columns)
    ]
    names = [name for name, _ in table.columns]
    content = pa.table(arrays, names=names).replace_schema_metadata(dict(about))
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, content.schema) as writer:
        writer.write_table(content)
    stream: bytes = sink.getvalue().to_pybytes()
    return stream


def _array(values: Sequence[Any], kind: Type) -> Any:
    if kind == "amount":
        # Amounts stay exact: as many decimals as they have, at least cents.
        amounts = [None if value is None else Decimal(str(value)) for value in values]
        return pa.array(amounts, pa.decimal128(38, max([CENTS, *(_decimals(a) for a in amounts)])))
    if kind == "number":
        return pa.array([None if value is None else float(value) for value in values], pa.float64())
    if kind == "timestamp":
        return pa.array([None if v is None else aware(v) for v in values], pa.timestamp("us", tz="UTC"))
    plain = {"text": pa.string(), "integer": pa.int64(), "boolean": pa.bool_(), "date": pa.date32()}
    if kind == "text":
        values = [None if value is None else str(value) for value in values]
    return pa.array(values, plain[kind])


def _decimals(amount: Decimal | None) -> int:
    exponent = amount.as_tuple().exponent if amount is not None else 0
    return min(-exponent, MOST_DECIMALS) if isinstance(exponent, int) else 0


def aware(value: datetime) -> datetime:
    """Moments of the warehouse are UTC without saying so."""
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _number_text(value: Any) -> str:
    """All digits a program needs to have the same number again, never with an exponent."""
    return f"{Decimal(repr(value)) if isinstance(value, float) else Decimal(value):f}"


def _day_text(value: Any) -> str:
    day: date = value
    return day.isoformat()


_WRITERS: Mapping[Type, Callable[[Any], str]] = {
    "text": lambda value: harmless(cleaned(str(value))),
    "integer": str,
    "number": lambda value: _number_text(value) if isfinite(value) else "",
    "amount": _number_text,
    "boolean": lambda value: "true" if value else "false",
    "date": _day_text,
    "timestamp": lambda value: aware(value).isoformat(),
}
