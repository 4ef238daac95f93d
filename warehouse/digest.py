"""Hashes of content: equal rows give an equal hash, whatever their order and whichever run brought them."""

# ruff: noqa: S608 - names come from the catalogue through `quote`, values are parameters

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from warehouse.store import Connection, columns_of, quote

_RUN_DEPENDENT = frozenset({"_run_id", "_line"})
_RUN_FACTS = ("core", "run")
"""Holds the moment of the run; the same day run again has to give the same hash."""


def content_hash(connection: Connection) -> str:
    """SHA-256 over all rows of `stage`, `core` and `mart`, without line numbers and run ids."""
    whole = hashlib.sha256()
    for schema, table in _tables(connection):
        whole.update(f"{schema}.{table}={_table_digest(connection, schema, table)}\n".encode())
    return whole.hexdigest()


def fingerprint(name: str) -> str:
    """Expression: unambiguous text of one column's value, length and characters, a dash for NULL."""
    text = f"CAST({quote(name)} AS VARCHAR)"
    return f"coalesce(length({text}) || ':' || {text}, '-')"


def rows_digest(row_digest: str) -> str:
    """Aggregate that does not depend on the order of rows: count and two sums of the rows' MD5."""
    return (
        f"md5(count(*) || '/' || coalesce(sum(md5_number_upper({row_digest})), 0)"
        f" || '/' || coalesce(sum(md5_number_lower({row_digest})), 0))"
    )


def _tables(connection: Connection) -> Iterator[tuple[str, str]]:
    # Views on stage repeat rows that are hashed already.
    rows = connection.execute(
        "SELECT table_schema, table_name FROM information_schema.tables"
        " WHERE table_catalog = current_database() AND table_schema IN ('stage', 'core', 'mart')"
        " AND table_type = 'BASE TABLE' ORDER BY ALL"
    ).fetchall()
    yield from (row for row in rows if row != _RUN_FACTS)


def _table_digest(connection: Connection, schema: str, table: str) -> str:
    names = sorted(name for name in columns_of(connection, schema, table) if name not in _RUN_DEPENDENT)
    row = "md5(" + " || ".join(fingerprint(name) for name in names) + ")"
    found = connection.execute(
        f"SELECT {rows_digest('digest')} FROM (SELECT {row} AS digest FROM {schema}.{quote(table)})"
    ).fetchone()
    return ",".join(names) + ":" + (str(found[0]) if found else "")
