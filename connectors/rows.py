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
    key = table.key or subject.key
    matched = table.slice if table.write == "replace" else key
    condition = _found(con, "going", delivery, matched) if matched else "true"
    if log is not None:
        log.removing(condition)
        if delivery.has_deletions:
            log.deleting(_found(con, "deleted", delivery, key, f"coalesce({DELETED}, false)"))
    con.execute(
        f"DELETE FROM {_stage(delivery.subject)} AS kept WHERE kept._source = $1 AND {condition}",
        [delivery.source],
    )


def insert_rows(con: Connection, delivery: Delivery, table: TableSpec, subject: Subject) -> int:
    """Add the delivered rows; returns how many an append already had."""
    names = ", ".join(quote(name) for name in delivery.columns)
    came = f"{_rows(delivery)} AS came"
    if table.write == "append":
        same = _same(table.key or subject.key, "kept", "came")
        known = f"SELECT * FROM {_stage(delivery.subject)} WHERE _source = $1"
        came += f" ANTI JOIN ({known}) AS kept ON {same}"
    chosen = f"SELECT {names}, _line FROM {came}"
    if delivery.has_deletions:
        chosen += f" WHERE NOT coalesce({DELETED}, false)"
    inserted = one(
        con,
        f"INSERT INTO {_stage(delivery.subject)} ({names}, _line, _source, _run_id)"
        f" SELECT *, $1, $2 FROM ({chosen})",
        [delivery.source, delivery.run_id],
    )
    return delivery.accepted - inserted if table.write == "append" else 0


def _found(con: Connection, name: str, delivery: Delivery, matched: Iterable[str], only: str = "true") -> str:
    """Condition on rows (alias `kept`) that a delivery names by the columns `matched`.

    They are looked up once, by a join; asked of every row of the stock it took fifteen times as long.
    """
    names, same = ", ".join(quote(column) for column in matched), _same(matched, "kept", "came")
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT kept.rowid AS number"
        f" FROM {_stage(delivery.subject)} AS kept SEMI JOIN (SELECT DISTINCT {names} FROM {_rows(delivery)}"
        f" WHERE {only}) AS came ON {same} WHERE kept._source = $1",
        [delivery.source],
    )
    return f"kept.rowid IN (SELECT number FROM {name})"


def _same(names: Iterable[str], left: str, right: str) -> str:
    pairs = [f"{left}.{quote(name)} IS NOT DISTINCT FROM {right}.{quote(name)}" for name in names]
    return " AND ".join(pairs) or "true"


def _stage(subject: str) -> str:
    return f"stage.{quote(subject)}"


def _rows(delivery: Delivery) -> str:
    return f"read_parquet({literal(str(delivery.rows_path))})"
