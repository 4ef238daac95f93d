"""MariaDB and MySQL over PyMySQL: rows as they arrive, read-only, with time limits, without a lock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pyarrow as pa
import pymysql
from pymysql.constants import FIELD_TYPE
from pymysql.converters import encoders
from pymysql.cursors import SSCursor

from connectors.base import Context, Finding
from connectors.databases.failures import connect_error, query_error
from connectors.databases.limits import Limits
from connectors.databases.parameters import Bounds, probe, substitute
from connectors.databases.patience import patiently
from connectors.databases.result import Result, ResultShape, text_batch
from warehouse.errors import ContractError

ROWS_PER_FETCH = 8192
UNKNOWN_TIME_ZONE = 1298

# The server's own text is exact: amounts, days, also those no calendar has (0000-00-00). Only binary
# fractions are numbers, because their noise is spelled away, and bits are no text at all.
CONVERSIONS: dict[Any, Any] = {
    **encoders,
    FIELD_TYPE.FLOAT: float,
    FIELD_TYPE.DOUBLE: float,
    FIELD_TYPE.BIT: lambda bits: int.from_bytes(bits, "big"),
}


class MySql:
    """One database; `arguments` are those of `pymysql.connect`, they hold the password."""

    def __init__(
        self,
        arguments: Mapping[str, Any],
        where: str,
        limits: Limits,
        context: Context,
        secrets: list[str],
        tries: int,
    ) -> None:
        self._arguments, self._where, self._limits = arguments, where, limits
        self._context, self._secrets, self._tries = context, secrets, tries

    def probe(self, query: str, bounds: Bounds) -> AbstractContextManager[Result]:
        """Run the query for its first row."""
        return self.open(probe(query), bounds)

    @contextmanager
    def open(self, query: str, bounds: Bounds) -> Iterator[Result]:
        """Run the query with its bounds as typed literals; rows stay on the server until asked for."""
        connection = patiently(self._connect, self._tries)
        cursor = connection.cursor(SSCursor)
        try:
            findings = self._make_safe(cursor)
            cursor.execute(substitute(query, bounds.literals()))
            yield Result(self._names(cursor), lambda shape: self._text(cursor, shape), findings)
        except pymysql.Error as error:
            raise query_error(str(error), None, self._where, self._secrets) from None
        finally:
            _hang_up(connection, cursor)

    def _connect(self) -> Any:
        limits = self._limits
        try:
            connection = pymysql.connect(
                **{
                    **self._arguments,
                    "charset": "utf8mb4",
                    "connect_timeout": limits.connect_timeout_s,
                    # PyMySQL waits with this one for the greeting, too.
                    "read_timeout": limits.connect_timeout_s,
                    "write_timeout": limits.connect_timeout_s,
                    "conv": CONVERSIONS,
                    "autocommit": True,
                    "local_infile": False,
                }
            )
        except (pymysql.Error, OSError) as error:
            raise connect_error(str(error), self._where) from None
        # The server ends a slow query itself; this is for a server that falls silent.
        connection._read_timeout = limits.statement_timeout_s + limits.connect_timeout_s
        return connection

    def _make_safe(self, cursor: Any) -> list[Finding]:
        """Read-only, one consistent state, limits for the statement and for waiting on locks of others."""
        limits = self._limits
        cursor.execute("SELECT VERSION()")
        ((version,),) = cursor.fetchall()
        timeout = (
            f"max_statement_time = {limits.statement_timeout_s}"
            if "mariadb" in version.lower()
            else f"max_execution_time = {limits.statement_timeout_s * 1000}"
        )
        cursor.execute(
            f"SET SESSION {timeout}, lock_wait_timeout = {limits.lock_timeout_s},"
            f" innodb_lock_wait_timeout = {limits.lock_timeout_s},"
            # While we check and write rows the server has to wait for us.
            f" net_write_timeout = {limits.statement_timeout_s}"
        )
        findings = self._set_time_zone(cursor)
        cursor.execute("SET SESSION TRANSACTION READ ONLY")
        cursor.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        # A consistent snapshot reads beside writers: InnoDB takes no row lock for it.
        cursor.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
        return findings

    def _set_time_zone(self, cursor: Any) -> list[Finding]:
        try:
            cursor.execute("SET SESSION time_zone = %s", [self._context.timezone])
        except pymysql.Error as error:
            if error.args[0] != UNKNOWN_TIME_ZONE:
                raise
            zone = self._context.timezone
            what = f"Der Server kennt {zone} nicht; TIMESTAMP-Spalten kommen in seiner eigenen Zeit"
            return [Finding("warning", "server_time_zone", what, self._where)]
        return []

    def _names(self, cursor: Any) -> list[str]:
        if cursor.description is None:
            raise ContractError(
                "Die Abfrage liefert keine Zeilen; gelesen wird mit SELECT",
                code="query_failed",
                where=self._where,
            )
        return [column[0] for column in cursor.description]

    def _text(self, cursor: Any, shape: ResultShape) -> Iterator[pa.RecordBatch]:
        yield text_batch([], shape, 0, self._context.local)
        line = 0
        while rows := cursor.fetchmany(ROWS_PER_FETCH):
            yield text_batch(rows, shape, line, self._context.local)
            line += len(rows)


def _hang_up(connection: Any, cursor: Any) -> None:
    # Closing politely would fetch what is left of the result, and that may be millions of rows.
    if cursor._result is not None:
        cursor._result.unbuffered_active = False
    try:
        connection.close()
    except (pymysql.Error, OSError):
        return
