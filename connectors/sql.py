"""Kind `sql`: one query per table against PostgreSQL, MariaDB, MySQL, SQLite or what SQLAlchemy speaks to."""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any, Protocol, Self
from urllib.parse import quote

import pyarrow as pa
import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from connectors.base import Connector, Context, Finding, Reading, TableSpec, inside
from connectors.databases import parameters
from connectors.databases.dialects import Dialect, dialect_of
from connectors.databases.failures import connect_error, no_driver, query_error
from connectors.databases.limits import Limits
from connectors.databases.mysql import MySql
from connectors.databases.parameters import Bounds
from connectors.databases.patience import patiently
from connectors.databases.postgres import Postgres
from connectors.databases.result import Result, ResultShape, text_batch
from warehouse.errors import IsekError

KIND = "sql"

ROWS_PER_FETCH = 5000


class SqlConnection(BaseModel):
    """Where the database is. The url is a secret: it holds user, password and host."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    url: SecretStr
    statement_timeout_s: int = Field(default=300, ge=1)
    connect_timeout_s: int = Field(default=10, ge=1)
    lock_timeout_s: int = Field(default=10, ge=1)

    @field_validator("url")
    @classmethod
    def _is_a_url(cls, url: SecretStr) -> SecretStr:
        try:
            parsed = make_url(url.get_secret_value())
        except (ArgumentError, ValueError):
            # The driver's message would repeat the url, or the part of a password it takes for a port.
            raise ValueError(
                "Keine Datenbankadresse; z. B. postgresql://… oder sqlite:///fachverfahren/wohngeld.sqlite"
            ) from None
        if parsed.get_backend_name() == "sqlite" and parsed.database in (None, "", ":memory:"):
            raise ValueError("Eine SQLite-Adresse nennt eine Datei: sqlite:///fachverfahren/wohngeld.sqlite")
        return url


class SqlTable(TableSpec):
    """A query whose columns bear the names of the contract; `:since` and `:until` bound the cursor."""

    query: str

    @field_validator("query")
    @classmethod
    def _knows_its_parameters(cls, query: str) -> str:
        unknown = parameters.parameter_names(query) - set(parameters.PARAMETERS)
        if unknown:
            raise ValueError(
                f"Unbekannter Parameter :{', :'.join(sorted(unknown))}; erlaubt sind :since und :until"
            )
        return query

    @model_validator(mode="after")
    def _has_a_window(self) -> Self:
        if parameters.parameter_names(self.query) and not self.cursor:
            raise ValueError("Die Abfrage verwendet :since oder :until; dazu cursor und first_date angeben")
        return self


class Sql(Connector[SqlConnection, SqlTable]):
    """Reads queries, read-only and with a time limit."""

    Connection = SqlConnection
    Table = SqlTable

    def check(self) -> list[Finding]:
        """Run every query cut to one row and compare its columns with the contract."""
        findings: list[Finding] = []
        for number, table in enumerate(self.tables, start=1):
            where = self._where(number)
            try:
                findings += self._probe(table, where)
            except IsekError as error:
                findings.append(Finding("error", error.code, str(error), where))
        return findings

    def read(self, table: SqlTable, since: datetime | None, until: datetime) -> Reading:
        """Run the query of one table; values arrive typed or in canonical spelling."""
        where = self._where(self.tables.index(table) + 1)
        findings: list[Finding] = []
        batches = self._batches(table, since, until, where, findings)
        # The first batch is read now: an unreachable server or a wrong query has to fail here.
        first = next(batches)
        declared = f"{self.spec.id}\n{table.query}\n{since}\n{until}"
        digest = hashlib.sha256(declared.encode()).hexdigest()
        return Reading(chain([first], batches), None, self.context.as_of, digest, findings)

    def _batches(
        self, table: SqlTable, since: datetime | None, until: datetime, where: str, findings: list[Finding]
    ) -> Iterator[pa.RecordBatch]:
        query, bounds = parameters.bare(table.query), self._bounds(table, since, until)
        with self._database(where, self.context.tries).open(query, bounds) as result:
            shape = self._shape(result.columns, table, where)
            findings += [*result.findings, *shape.findings()]
            yield from result.batches(shape)

    def _probe(self, table: SqlTable, where: str) -> list[Finding]:
        since = datetime.combine(table.first_date, datetime.min.time()) if table.first_date else None
        bounds = self._bounds(table, since, self.context.local(self.context.as_of))
        # Somebody waits for this answer, and sees it: no second try.
        with self._database(where, tries=1).probe(table.query, bounds) as result:
            return [*result.findings, *self._shape(result.columns, table, where).findings()]

    def _shape(self, columns: Sequence[str], table: SqlTable, where: str) -> ResultShape:
        return ResultShape(columns, table, self.subject_of(table), where)

    def _bounds(self, table: SqlTable, since: datetime | None, until: datetime) -> Bounds:
        kind = self.subject_of(table).columns[table.cursor].type if table.cursor else "timestamp"
        return Bounds.of(since, until, kind)

    def _database(self, where: str, tries: int) -> Database:
        url = make_url(self.connection.url.get_secret_value())
        limits, context, secrets = self.connection, self.context, secret_parts(url)
        match url.get_backend_name():
            case "postgresql" | "postgres":
                uri = url.set(drivername="postgresql").render_as_string(hide_password=False)
                return Postgres(uri, where, limits, context.timezone, secrets, tries)
            case "mysql" | "mariadb":
                return MySql(_pymysql_arguments(url), where, limits, context, secrets, tries)
            case family:
                path = inside(context.city, url.database or "", where) if family == "sqlite" else None
                return Generic(url, path, where, limits, context, tries)

    def _where(self, number: int) -> str:
        return f"{self.spec.id}, Tabelle {number}"


class Database(Protocol):
    """One source database that answers queries."""

    def open(self, query: str, bounds: Bounds) -> AbstractContextManager[Result]:
        """The whole result, row by row."""

    def probe(self, query: str, bounds: Bounds) -> AbstractContextManager[Result]:
        """The same query cut to one row."""


class Generic:
    """Any database through SQLAlchemy, fetched in pieces; SQLite files are opened read-only."""

    def __init__(
        self, url: URL, path: Path | None, where: str, limits: Limits, context: Context, tries: int
    ) -> None:
        self._dialect = dialect_of(url.get_backend_name())
        self._url = url.set(drivername=self._dialect.driver) if _names_no_driver(url, self._dialect) else url
        self._path, self._where, self._limits = path, where, limits
        self._context, self._tries = context, tries

    def open(self, query: str, bounds: Bounds) -> AbstractContextManager[Result]:
        """Run the query; nothing is ever committed."""
        return self._run((), query, bounds)

    def probe(self, query: str, bounds: Bounds) -> AbstractContextManager[Result]:
        """Run the query for its first row."""
        before, cut = self._dialect.probe(query)
        return self._run(before, cut, bounds)

    @contextmanager
    def _run(self, before: Sequence[str], query: str, bounds: Bounds) -> Iterator[Result]:
        statement = sa.text(parameters.escape_for_binding(query)).bindparams(
            **self._bound_values(query, bounds)
        )
        engine = self._engine()
        try:
            with patiently(lambda: self._connect(engine), self._tries) as connection:
                for preparation in (*self._dialect.session(self._limits, self._context.timezone), *before):
                    connection.exec_driver_sql(preparation)
                rows = connection.execution_options(stream_results=True).execute(statement)
                yield Result(list(rows.keys()), lambda shape: self._text(rows, shape))
        except SQLAlchemyError as error:
            raise query_error(_said(error), None, self._where, secret_parts(self._url)) from None
        finally:
            engine.dispose()

    def _connect(self, engine: sa.Engine) -> sa.Connection:
        try:
            connection = engine.connect()
            self._dialect.prepare(connection.connection.dbapi_connection, self._limits)
        except (SQLAlchemyError, OSError) as error:
            raise connect_error(_said(error), self._where) from None
        return connection

    def _text(self, rows: sa.CursorResult[Any], shape: ResultShape) -> Iterator[pa.RecordBatch]:
        yield text_batch([], shape, 0, self._context.local)
        line = 0
        for piece in rows.yield_per(ROWS_PER_FETCH).partitions():
            yield text_batch(piece, shape, line, self._context.local)
            line += len(piece)

    def _engine(self) -> sa.Engine:
        try:
            if self._path is not None:
                return sa.create_engine("sqlite://", creator=self._open_sqlite, poolclass=NullPool)
            arguments = dict(self._dialect.arguments(self._limits))
            return sa.create_engine(self._url, poolclass=NullPool, connect_args=arguments)
        except (SQLAlchemyError, ImportError):
            raise no_driver(self._url.drivername, self._dialect.extra, self._where) from None

    def _open_sqlite(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"file:{quote(str(self._path))}?mode=ro",
            uri=True,
            timeout=self._limits.connect_timeout_s,
            # Rows are fetched by the thread that reads ahead, never by two at once.
            check_same_thread=False,
        )
        deadline = time.monotonic() + self._limits.statement_timeout_s
        connection.set_progress_handler(lambda: time.monotonic() > deadline, 10_000)
        return connection

    def _bound_values(self, query: str, bounds: Bounds) -> dict[str, object]:
        values = bounds.plain_texts() if self._path else bounds.typed_values()
        return {name: values[name] for name in parameters.parameter_names(query)}


def _names_no_driver(url: URL, dialect: Dialect) -> bool:
    return dialect.driver is not None and "+" not in url.drivername


def _pymysql_arguments(url: URL) -> dict[str, Any]:
    """Arguments of `pymysql.connect`, whatever driver the address names."""
    plain = url.set(drivername="mysql+pymysql")
    return dict(plain.get_dialect()().create_connect_args(plain)[1])


def _said(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error)


def secret_parts(url: URL) -> list[str]:
    """Everything of a connection url that must not be repeated in a message."""
    parts = (url.password, url.username, url.host, url.render_as_string(hide_password=False))
    return [str(part) for part in parts if part]
