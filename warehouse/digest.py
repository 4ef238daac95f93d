"""Hashes of content: equal rows give an equal hash, whatever their order and whichever run brought them.

They tell whether a second run found the same, within one version of DuckDB; that files were not changed by
anybody is what the SHA-256 of their bytes is for.
"""

# ruff: noqa: S608 - names come from the catalogue through `quote`, values are parameters

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from warehouse.store import Connection, columns_by_table, quote

_RUN_DEPENDENT = frozenset({"_run_id", "_line"})
_SCHEMAS = ("stage", "core", "mart")
_RUN_FACTS = ("core", "run")
"""Holds the moment of the run; the same day run again has to give the same hash."""


def content_hash(connection: Connection) -> str:
    """Hash over all rows of `stage`, `core` and `mart`, without line numbers and run ids."""
    whole = hashlib.sha256()
    for table, digest in table_hashes(connection).items():
        whole.update(f"{table}={digest}\n".encode())
    return whole.hexdigest()


def table_hashes(connection: Connection) -> dict[str, str]:
    """The same for each table by itself, by `schema.table`."""
    columns = {schema: columns_by_table(connection, schema) for schema in _SCHEMAS}
    return {
        f"{schema}.{table}": _table_digest(connection, f"{schema}.{quote(table)}", columns[schema][table])
        for schema, table in _tables(connection)
    }


def fingerprint(name: str) -> str:
    """Expression: unambiguous text of one column's value, length and characters, a dash for NULL."""
    text = f"CAST({quote(name)} AS VARCHAR)"
    return f"coalesce(length({text}) || ':' || {text}, '-')"


def row_hash(names: Iterable[str]) -> str:
    """Expression: 64 bit hash of a row; columns cannot be exchanged and NULL is not the empty text."""
    return f"hash({', '.join(quote(name) for name in names)})"


@dataclass(frozen=True)
class RowsDigest:
    """What rows have in common with the same rows in any order: their number and two sums of their hashes."""

    rows: int = 0
    first: int = 0
    second: int = 0

    def plus(self, other: RowsDigest) -> RowsDigest:
        """Digest of both together."""
        return RowsDigest(self.rows + other.rows, self.first + other.first, self.second + other.second)

    def __str__(self) -> str:
        text = f"{self.rows}/{self.first}/{self.second}"
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def rows_digest(connection: Connection, names: Iterable[str], source: str) -> RowsDigest:
    """Digest of all rows of a table, a file or a query in parentheses."""
    # The hash of a hash: rows that differ in a way the first sum cannot see differ in the second.
    row = connection.execute(
        "SELECT count(*), coalesce(sum(row_hash), 0), coalesce(sum(hash(row_hash)), 0)"
        f" FROM (SELECT {row_hash(names)} AS row_hash FROM {source})"
    ).fetchone()
    return RowsDigest(*map(int, row or (0, 0, 0)))


def _tables(connection: Connection) -> Iterator[tuple[str, str]]:
    # Views on stage repeat rows that are hashed already.
    rows = connection.execute(
        "SELECT table_schema, table_name FROM information_schema.tables"
        f" WHERE table_catalog = current_database() AND table_schema IN {_SCHEMAS}"
        " AND table_type = 'BASE TABLE' ORDER BY ALL"
    ).fetchall()
    yield from (row for row in rows if row != _RUN_FACTS)


def _table_digest(connection: Connection, table: str, columns: Iterable[str]) -> str:
    names = sorted(name for name in columns if name not in _RUN_DEPENDENT)
    return f"{','.join(names)}:{rows_digest(connection, names, table)}"
