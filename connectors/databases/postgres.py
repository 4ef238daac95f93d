"""PostgreSQL over ADBC: record batches straight from COPY, read-only, with a time limit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pyarrow as pa
from adbc_driver_manager import Error as DriverError
from adbc_driver_postgresql import dbapi

from connectors.databases.failures import connect_error, query_error
from connectors.databases.limits import Limits
from connectors.databases.parameters import Bounds, probe, substitute
from connectors.databases.patience import patiently
from connectors.databases.result import Result, ResultShape, contract_batch

TYPE_NAME = b"POSTGRESQL:type"


class Postgres:
    """One database; the uri never leaves this object except to the driver."""

    def __init__(
        self, uri: str, where: str, limits: Limits, timezone: str, secrets: list[str], tries: int
    ) -> None:
        separator = "&" if "?" in uri else "?"
        self._uri = (
            uri
            if "connect_timeout=" in uri
            else f"{uri}{separator}connect_timeout={limits.connect_timeout_s}"
        )
        self._where, self._limits, self._timezone = where, limits, timezone
        self._secrets, self._tries = secrets, tries

    def probe(self, query: str, bounds: Bounds) -> AbstractContextManager[Result]:
        """Run the query for its first row."""
        return self.open(probe(query), bounds)

    @contextmanager
    def open(self, query: str, bounds: Bounds) -> Iterator[Result]:
        """Run the query with its bounds as typed literals.

        With bound parameters the driver gives up COPY and keeps the whole result in memory
        (measured: 300,000 rows in one batch), which a first load of years must not do.
        """
        try:
            with self._cursor() as cursor:
                statement = substitute(query, bounds.literals())
                spelled = _spellings(cursor.adbc_execute_schema(statement))
                cursor.execute(_spelled_by_the_server(statement, spelled))
                reader = cursor.fetch_record_batch()
                yield Result(reader.schema.names, lambda shape: self._named(reader, shape, spelled))
        except (DriverError, pa.ArrowException, OSError) as error:
            raise query_error(
                str(error), getattr(error, "sqlstate", None), self._where, self._secrets
            ) from None

    def _named(
        self, reader: pa.RecordBatchReader, shape: ResultShape, spelled: Mapping[str, str | None]
    ) -> Iterator[pa.RecordBatch]:
        exact = frozenset(name for name, spelling in spelled.items() if spelling)
        line = 0
        yield contract_batch(pa.RecordBatch.from_pylist([], schema=reader.schema), shape, line, exact)
        for batch in reader:
            yield contract_batch(batch, shape, line, exact)
            line += batch.num_rows

    @contextmanager
    def _cursor(self) -> Iterator[Any]:
        limits = self._limits
        with patiently(self._connect, self._tries) as connection, connection.cursor() as cursor:
            # One statement is one read-only transaction and therefore one consistent state. Reading takes
            # the weakest lock there is (ACCESS SHARE); for it we wait no longer than this.
            cursor.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
            cursor.execute(f"SET statement_timeout = {limits.statement_timeout_s * 1000}")
            cursor.execute(f"SET lock_timeout = {limits.lock_timeout_s * 1000}")
            cursor.execute(f"SET TIME ZONE '{self._timezone}'")
            yield cursor

    def _connect(self) -> Any:
        try:
            return dbapi.connect(self._uri, autocommit=True)
        except DriverError as error:
            raise connect_error(str(error), self._where) from None


def _spellings(schema: pa.Schema) -> dict[str, str | None]:
    """Columns of a result and how the server spells them, None as they are; empty when names come twice."""
    if len(set(schema.names)) < len(schema.names):
        return {}
    return {field.name: _spelling(field) for field in schema}


def _spelling(field: pa.Field) -> str | None:
    if (field.metadata or {}).get(TYPE_NAME) == b"money":
        # The driver gives cents and does not say so.
        return f"CAST(CAST({_quoted(field.name)} AS numeric) AS text)"
    # Exact numbers take a third of the driver's time; of addresses and bits it only has the bytes.
    return f"CAST({_quoted(field.name)} AS text)" if isinstance(field.type, pa.OpaqueType) else None


def _spelled_by_the_server(statement: str, spelled: Mapping[str, str | None]) -> str:
    """The same rows with some columns as text."""
    if not any(spelled.values()):
        return statement
    columns = ", ".join(
        f"{spelling} AS {_quoted(name)}" if spelling else _quoted(name) for name, spelling in spelled.items()
    )
    return f"SELECT {columns} FROM ({statement}) AS asked"  # noqa: S608 (the town's own query)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
