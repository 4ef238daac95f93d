"""The three ways in which delivered rows take their place: replace, merge, append."""

# ruff: noqa: S608 (table and column names come from contracts and pass `quote`; values are bound)

from __future__ import annotations

from collections.abc import Iterable

from connectors.accounting import one
from connectors.base import TableSpec
from connectors.changes import ChangeLog
from warehouse.contract import Subject
from warehouse.landing import DELETED, Delivery
from warehouse.store import Connection, literal, quote


def remove_replaced(
    con: Connection, delivery: Delivery, table: TableSpec, subject: Subject, log: ChangeLog | None = None
) -> None:
    """Remove what a delivery replaces: all rows of its source, its slices, or its keys."""
    if table.write == "append":
        return
    matched = table.slice if table.write == "replace" else (table.key or subject.key)
    condition = f"EXISTS ({_named(delivery, matched)})" if matched else "true"
    if log is not None:
        log.removing(condition)
        log.deleting(delivery, _same(matched, "kept", "came"))
    con.execute(
        f"DELETE FROM {_stage(delivery.subject)} AS kept WHERE kept._source = $1 AND {condition}",
        [delivery.source],
    )


def insert_rows(con: Connection, delivery: Delivery, table: TableSpec, subject: Subject) -> int:
    """Add the delivered rows; returns how many an append already had."""
    names = ", ".join(quote(name) for name in delivery.columns)
    chosen = f"SELECT {names}, _line FROM {_rows(delivery)} AS came WHERE true"
    if delivery.has_deletions:
        chosen += f" AND NOT coalesce({DELETED}, false)"
    if table.write == "append":
        same = _same(table.key or subject.key, "kept", "came")
        known = f"SELECT 1 FROM {_stage(delivery.subject)} AS kept WHERE kept._source = $1 AND {same}"
        chosen += f" AND NOT EXISTS ({known})"
    inserted = one(
        con,
        f"INSERT INTO {_stage(delivery.subject)} ({names}, _line, _source, _run_id)"
        f" SELECT *, $1, $2 FROM ({chosen})",
        [delivery.source, delivery.run_id],
    )
    return delivery.accepted - inserted if table.write == "append" else 0


def _named(delivery: Delivery, matched: Iterable[str]) -> str:
    return f"SELECT 1 FROM {_rows(delivery)} AS came WHERE {_same(matched, 'kept', 'came')}"


def _same(names: Iterable[str], left: str, right: str) -> str:
    pairs = [f"{left}.{quote(name)} IS NOT DISTINCT FROM {right}.{quote(name)}" for name in names]
    return " AND ".join(pairs) or "true"


def _stage(subject: str) -> str:
    return f"stage.{quote(subject)}"


def _rows(delivery: Delivery) -> str:
    return f"read_parquet({literal(str(delivery.rows_path))})"
