"""The quarantine: refused rows stay until they came again, repaired, refused anew, or no longer at all."""

# ruff: noqa: S608 (table and column names come from contracts and pass `quote`; values are bound)

from __future__ import annotations

from collections.abc import Sequence

from pyarrow.parquet import read_schema

from connectors.accounting import one
from connectors.base import TableSpec
from warehouse.check import row_key
from warehouse.contract import Subject
from warehouse.landing import Delivery
from warehouse.store import Connection, literal

Pair = tuple[Delivery, TableSpec, Subject]


def note_rejected(con: Connection, source: str, pairs: Sequence[Pair], *, taken_over: bool) -> None:
    """Put the refused rows of deliveries into the quarantine, in place of what they settle."""
    _drop_provisional(con, source)
    for delivery, table, subject in pairs:
        if not brings_pieces(delivery, table):
            _drop(con, delivery, "true")
        elif taken_over and _has_entries(con, delivery):
            _drop_settled(con, delivery, table.key or subject.key)
    for delivery, _, _ in pairs:
        _insert(con, delivery)


def brings_pieces(delivery: Delivery, table: TableSpec) -> bool:
    """Whether a row that was refused once does not come again by itself with the next delivery."""
    by_cursor = bool(table.cursor or delivery.cursor or delivery.cursor_before)
    return by_cursor or bool(getattr(table, "archive", False))


def _drop_provisional(con: Connection, source: str) -> None:
    # What a run refused that was not taken over comes again with the next one.
    con.execute(
        "DELETE FROM meta.rejected WHERE source = $1"
        " AND run_id NOT IN (SELECT run_id FROM meta.load WHERE source = $1)",
        [source],
    )


def _has_entries(con: Connection, delivery: Delivery) -> bool:
    place = [delivery.source, delivery.table_no]
    return one(con, "SELECT count(*) FROM meta.rejected WHERE source = $1 AND table_no = $2", place) > 0


def _drop_settled(con: Connection, delivery: Delivery, key: Sequence[str]) -> None:
    """Rows that this delivery read again: those of its keys, of its files, of the loads it repeats."""
    came = f"SELECT {row_key(key)} FROM read_parquet({literal(str(delivery.rows_path))})"
    again = f"SELECT {_key(delivery)} FROM {_refused(delivery)}"
    _drop(con, delivery, f"row_key IN ({came} UNION ALL {again})")
    for file in delivery.delivered_files:
        _drop(con, delivery, "file = $3", file)
    loads = "run_id IN (SELECT run_id FROM meta.load WHERE source = $1 AND table_no = $2 AND {})"
    if delivery.window_from and delivery.window_to:
        window = (delivery.window_from, delivery.window_to)
        _drop(con, delivery, loads.format("window_from >= $3 AND window_to <= $4"), *window)
    elif delivery.cursor or delivery.cursor_before:
        first = (
            "SELECT min(number) FROM meta.load WHERE source = $1 AND table_no = $2"
            " AND cursor_before IS NOT DISTINCT FROM $3"
        )
        _drop(con, delivery, loads.format(f"number >= ({first})"), delivery.cursor_before)


def _drop(con: Connection, delivery: Delivery, condition: str, *values: object) -> None:
    con.execute(
        f"DELETE FROM meta.rejected WHERE source = $1 AND table_no = $2 AND ({condition})",
        [delivery.source, delivery.table_no, *values],
    )


def _insert(con: Connection, delivery: Delivery) -> None:
    con.execute(
        "INSERT INTO meta.rejected BY NAME"
        " SELECT $1 AS run_id, $2 AS source, $3 AS table_no, $4 AS subject, file, line, column_name,"
        f" reason_code, reason, raw, {_key(delivery)} AS row_key FROM {_refused(delivery)}",
        [delivery.run_id, delivery.source, delivery.table_no, delivery.subject],
    )


def _key(delivery: Delivery) -> str:
    # Deliveries of earlier versions do not have it.
    return "row_key" if "row_key" in read_schema(delivery.rejected_path).names else "NULL::VARCHAR"


def _refused(delivery: Delivery) -> str:
    return f"read_parquet({literal(str(delivery.rejected_path))})"
