"""Kind `sql`: one query per table against PostgreSQL, SQLite or any database SQLAlchemy speaks to."""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import pyarrow as pa
import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from connectors.base import Connector, Context, Finding, Reading, TableSpec, inside
from connectors.batches import TextRow, text_batches
from connectors.databases import parameters
from connectors.databases.failures import query_error
from connectors.databases.parameters import Bounds
from connectors.databases.postgres import Postgres
from connectors.databases.result import Result, ResultShape
from warehouse.errors import ConfigError, IsekError

KIND = "sql"

ROWS_PER_FETCH = 5000


class SqlConnection(BaseModel):
    """Where the database is. The url is a secret: it holds user, password and host."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    url: SecretStr
    statement_timeout_s: int = Field(default=300, ge=1)
    connect_timeout_s: int = Field(default=10, ge=1)

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
                findings += self._probe(table, where).findings()
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
        query = parameters.bare(table.query)
        with self._open(query, self._bounds(table, since, until), where) as result:
            shape = self._shape(result.columns, table, where)
            findings += shape.findings()
            yield from result.batches(shape)

    def _probe(self, table: SqlTable, where: str) -> ResultShape:
        since = datetime.combine(table.first_date, datetime.min.time()) if table.first_date else None
        bounds = self._bounds(table, since, self.context.local(self.context.as_of))
        with self._open(parameters.probe(table.query), bounds, where) as result:
            return self._shape(result.columns, table, where)

    def _shape(self, columns: Sequence[str], table: SqlTable, where: str) -> ResultShape:
        return ResultShape(columns, table, self.subjects[table.feeds], where)

    def _open(self, query: str, bounds: Bounds, where: str) -> AbstractContextManager[Result]:
        url = make_url(self.connection.url.get_secret_value())
        if url.get_backend_name() in ("postgresql", "postgres"):
            return self._postgres(url, where).open(query, bounds)
        return self._generic(url, where).open(query, bounds)

    def _bounds(self, table: SqlTable, since: datetime | None, until: datetime) -> Bounds:
        kind = self.subjects[table.feeds].columns[table.cursor].type if table.cursor else "timestamp"
        return Bounds.of(since, until, kind)

    def _postgres(self, url: URL, where: str) -> Postgres:
        uri = url.set(drivername="postgresql").render_as_string(hide_password=False)
        return Postgres(uri, where, self.connection, self.context.timezone, secret_parts(url))

    def _generic(self, url: URL, where: str) -> Generic:
        path = (
            inside(self.context.city, url.database or "", where)
            if url.get_backend_name() == "sqlite"
            else None
        )
        return Generic(url, path, where, self.connection, self.context)

    def _where(self, number: int) -> str:
        return f"{self.spec.id}, Tabelle {number}"


class Generic:
    """Any database through SQLAlchemy, fetched in pieces; SQLite files are opened read-only."""

    def __init__(
        self, url: URL, path: Path | None, where: str, connection: SqlConnection, context: Context
    ) -> None:
        self._url, self._path, self._where = url, path, where
        self._connection, self._context = connection, context

    @contextmanager
    def open(self, query: str, bounds: Bounds) -> Iterator[Result]:
        """Run the query; nothing is ever committed."""
        engine = self._engine()
        statement = sa.text(parameters.escape_for_binding(query)).bindparams(
            **self._bound_values(query, bounds)
        )
        try:
            with engine.connect().execution_options(stream_results=True) as connection:
                rows = connection.execute(statement)
                yield Result(list(rows.keys()), lambda shape: self._text(rows, shape))
        except SQLAlchemyError as error:
            original = getattr(error, "orig", None) or error
            raise query_error(str(original), None, self._where, secret_parts(self._url)) from None
        finally:
            engine.dispose()

    def _text(self, rows: sa.CursorResult[Any], shape: ResultShape) -> Iterator[pa.RecordBatch]:
        def lines() -> Iterator[TextRow]:
            for line, row in enumerate(rows.yield_per(ROWS_PER_FETCH), start=1):
                yield TextRow(line, shape.text_of(row, self._context.local))

        return text_batches(shape.columns, lines())

    def _engine(self) -> sa.Engine:
        try:
            if self._path is None:
                return sa.create_engine(self._url, poolclass=NullPool)
            return sa.create_engine("sqlite://", creator=self._open_sqlite, poolclass=NullPool)
        except (SQLAlchemyError, ImportError):
            raise ConfigError(
                "Für diese Datenbank fehlt der Treiber",
                code="no_driver",
                where=self._where,
                found=self._url.drivername,
                next_step="Den Treiber einspielen oder eine andere Adresse verwenden",
            ) from None

    def _open_sqlite(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"file:{quote(str(self._path))}?mode=ro", uri=True, timeout=self._connection.connect_timeout_s
        )
        deadline = time.monotonic() + self._connection.statement_timeout_s
        connection.set_progress_handler(lambda: time.monotonic() > deadline, 10_000)
        return connection

    def _bound_values(self, query: str, bounds: Bounds) -> dict[str, object]:
        values = bounds.plain_texts() if self._path else bounds.typed_values()
        return {name: values[name] for name in parameters.parameter_names(query)}


def secret_parts(url: URL) -> list[str]:
    """Everything of a connection url that must not be repeated in a message."""
    parts = (url.password, url.username, url.host, url.render_as_string(hide_password=False))
    return [str(part) for part in parts if part]
