"""The only module that opens DuckDB: drafts to write, snapshots to read, scratch space to check deliveries.

Opening a second connection to a replaced path in one process yields the old file, and a connection
opened before `fork` hangs the child. Therefore snapshot names are unique and the reader opens
lazily, once per process.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pyarrow as pa

from warehouse.errors import ConfigError, ContractError, RetriableError
from warehouse.pointer import candidates, is_intact, read_pointer, snapshot_path
from warehouse.remembering import RecentRows, Remembering
from warehouse.streaming import Streaming
from warehouse.watchdog import Watchdog, interrupted

Connection = duckdb.DuckDBPyConnection
DatabaseError = duckdb.Error
# What a statement raises that names a table or column which is not there.
MissingError = (duckdb.CatalogException, duckdb.BinderException)
Parameters = Sequence[object] | Mapping[str, object]
R = TypeVar("R")

QUERY_SECONDS, RETRY_SECONDS = 5.0, 30.0
FULL_CHECK_BYTES = 256 * 1024 * 1024

_CLOSED_DOORS: dict[str, str | bool] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "allow_unsigned_extensions": False,
    "allow_persistent_secrets": False,
    "python_enable_replacements": False,
}


def quote(name: str) -> str:
    """A name as SQL identifier; `case`, blanks and quotation marks are harmless afterwards."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text of a contract or a path as SQL literal, where SQL takes no parameter (DDL, COPY)."""
    return "'" + text.replace("'", "''") + "'"


def open_draft(
    path: Path, *, memory_limit: str = "1GB", threads: int = 2, temp_directory: Path | None = None
) -> Connection:
    """Open a draft for writing. Raises RetriableError when another process has it open."""
    config = _config(memory_limit, threads, temp_directory or path.with_suffix(".tmp"))
    try:
        return duckdb.connect(str(path), config=config)
    except duckdb.IOException as error:
        raise RetriableError(
            "Der Entwurf lässt sich nicht öffnen", code="draft_locked", where=str(path), found=error
        ) from error


def open_snapshot(
    path: Path,
    *,
    memory_limit: str = "512MB",
    threads: int = 1,
    temp_directory: Path,
    max_temp_size: str = "4GB",
) -> Connection:
    """Open a published file read-only with every door closed: no files, no network, no settings.

    `temp_directory` gets a folder per process below it; two processes sharing one destroy each
    other's spilled queries. Raises duckdb.Error when the file is damaged or no DuckDB file.
    """
    config = {
        **_config(memory_limit, threads, temp_directory / str(os.getpid())),
        "max_temp_directory_size": max_temp_size,
        # Given at connect and not by SET: a second connection to a locked instance could not SET them.
        "enable_external_access": False,
        "lock_configuration": True,
    }
    try:
        return duckdb.connect(str(path), read_only=True, config=config)
    except duckdb.ConnectionException as error:
        raise ConfigError(
            "Dieser Prozess liest den Stand schon mit anderen Einstellungen",
            code="reader_mismatch",
            where=str(path),
            next_step="Einen Leser je Prozess verwenden oder dieselben Einstellungen",
        ) from error


def scratch(
    *, memory_limit: str = "512MB", threads: int = 1, temp_directory: Path, timezone: str = "Europe/Berlin"
) -> Connection:
    """In-memory working space for checking a delivery; larger than memory it spills to `temp_directory`."""
    connection = duckdb.connect(":memory:", config=_config(memory_limit, threads, temp_directory))
    # For all cursors of this connection, not for the first alone.
    connection.execute("SET GLOBAL TimeZone = " + literal(timezone))
    return connection


def checkpoint(path: Path) -> None:
    """Fold the write-ahead log into the file, so that the file alone is the whole draft."""
    connection = open_draft(path, memory_limit="256MB", threads=1)
    try:
        connection.execute("CHECKPOINT")
    finally:
        connection.close()
    log = path.with_name(path.name + ".wal")
    if log.exists():
        raise RetriableError(
            "Der Entwurf ist noch nicht abgeschlossen geschrieben", code="draft_locked", where=str(log)
        )


@contextmanager
def transaction(connection: Connection) -> Iterator[Connection]:
    """All or nothing."""
    connection.execute("BEGIN TRANSACTION")
    try:
        yield connection
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def columns_of(connection: Connection, schema: str, table: str) -> dict[str, str]:
    """Column names and types of a table or view in storage order; empty when it does not exist."""
    rows = connection.execute(
        "SELECT column_name, data_type FROM information_schema.columns"
        " WHERE table_catalog = current_database() AND table_schema = $1 AND table_name = $2"
        " ORDER BY ordinal_position",
        [schema, table],
    ).fetchall()
    return dict(rows)


def columns_by_table(connection: Connection, schema: str) -> dict[str, dict[str, str]]:
    """The same for all tables and views of a schema at once: the catalogue is slow to ask, table by table."""
    rows = connection.execute(
        "SELECT table_name, column_name, data_type FROM information_schema.columns"
        " WHERE table_catalog = current_database() AND table_schema = $1"
        " ORDER BY table_name, ordinal_position",
        [schema],
    ).fetchall()
    found: dict[str, dict[str, str]] = {}
    for table, name, kind in rows:
        found.setdefault(table, {})[name] = kind
    return found


def tables_of(connection: Connection, schema: str) -> list[str]:
    """Names of the tables of a schema, views left out."""
    rows = connection.execute(
        "SELECT table_name FROM information_schema.tables WHERE table_catalog = current_database()"
        " AND table_schema = $1 AND table_type = 'BASE TABLE' ORDER BY table_name",
        [schema],
    ).fetchall()
    return [row[0] for row in rows]


def _config(memory_limit: str, threads: int, temp_directory: Path) -> dict[str, Any]:
    # DuckDB makes the folder itself, but not the one above it.
    temp_directory.parent.mkdir(parents=True, exist_ok=True)
    return {
        **_CLOSED_DOORS,
        "memory_limit": memory_limit,
        "threads": threads,
        "temp_directory": str(temp_directory),
    }


class Snapshot(Remembering, Streaming):
    """One published state of the city. Safe to use from several threads; each call has its own cursor.

    Queries that take longer than `timeout_s` raise RetriableError(code="query_timeout"), those whose work is
    stopped (warehouse.stopping) the reason for it.
    """

    def __init__(self, connection: Connection, watchdog: Watchdog, on_damage: Callable[[str], None]) -> None:
        self._connection, self._watchdog, self._on_damage = connection, watchdog, on_damage
        self._recent = RecentRows()
        row = connection.execute(
            "SELECT name, business_date, created_at, city, as_of, content_hash FROM meta.snapshot"
        ).fetchone()
        if row is None:
            raise duckdb.InvalidInputException("meta.snapshot is empty")
        self.name: str = row[0]
        self.business_date: date = row[1]
        self.created_at: datetime = row[2].replace(tzinfo=UTC)
        self.city: str = row[3]
        self.as_of: datetime = row[4].replace(tzinfo=UTC)
        self.content_hash: str = row[5]

    def query(
        self, sql: str, params: Parameters = (), *, timeout_s: float = QUERY_SECONDS
    ) -> list[tuple[Any, ...]]:
        """Rows of one SELECT with bound parameters ($1 or $name); short answers are kept, the file stays."""
        read = partial(self._run, sql, params, timeout_s, Connection.fetchall)
        return self._recent.get_or_read(sql, params, read)

    def rows(
        self, sql: str, params: Parameters = (), *, timeout_s: float = QUERY_SECONDS
    ) -> list[dict[str, Any]]:
        """Rows of one SELECT as mappings from column name to value."""
        return self._run(sql, params, timeout_s, _as_mappings)

    def arrow(self, sql: str, params: Parameters = (), *, timeout_s: float = QUERY_SECONDS) -> pa.Table:
        """Result of one SELECT as Arrow table; DECIMAL stays DECIMAL."""
        return self._run(sql, params, timeout_s, lambda cursor: cursor.to_arrow_table())

    def describe(self, sql: str, params: Parameters = ()) -> list[tuple[str, str]]:
        """Names and DuckDB types of the columns a SELECT would give."""
        return [row[:2] for row in self.query("DESCRIBE " + sql, params)]

    def _run(self, sql: str, params: Parameters, timeout_s: float, fetch: Callable[[Connection], R]) -> R:
        cursor = self._connection.cursor()
        try:
            with self._watchdog.guard(cursor.interrupt, timeout_s):
                return fetch(cursor.execute(sql, params))
        except duckdb.InterruptException:
            raise interrupted(timeout_s) from None
        except duckdb.OutOfMemoryException:
            raise RetriableError(
                "Die Abfrage braucht mehr Speicher, als sie haben darf",
                code="query_memory",
                next_step="Einen kürzeren Zeitraum oder weniger Aufgliederungen wählen",
            ) from None
        except (duckdb.FatalException, duckdb.InternalException, duckdb.IOException) as error:
            self._on_damage(self.name)
            raise RetriableError(
                "Der Stand lässt sich nicht lesen", code="snapshot_damaged", where=self.name
            ) from error
        finally:
            cursor.close()


def _as_mappings(cursor: Connection) -> list[dict[str, Any]]:
    names = [name for name, *_ in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@dataclass
class _PerProcess:
    """What one process holds open; a forked child starts with a new one and never touches its parent's."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    watchdog: Watchdog = field(default_factory=Watchdog)
    snapshot: Snapshot | None = None
    pointer: str | None = None
    damaged: set[str] = field(default_factory=set)
    fallback_reason: str | None = None
    try_again_at: float = 0.0


class SnapshotReader:
    """Hands out the current snapshot. Create it before or after fork; it opens on first use in each process.

    `fallback_reason` is a German sentence while an older snapshot has to stand in, else None.
    """

    def __init__(
        self,
        warehouse_dir: Path,
        *,
        threads: int = 1,
        memory_limit: str = "512MB",
        temp_directory: Path | None = None,
    ) -> None:
        self._folder, self._threads, self._memory_limit = warehouse_dir, threads, memory_limit
        self._temp_directory = temp_directory or warehouse_dir / "spill"
        self._states: dict[int, _PerProcess] = {}

    @property
    def fallback_reason(self) -> str | None:
        """Why an older snapshot is shown; None when the one pointed to is shown."""
        return self._state().fallback_reason

    def current(self) -> Snapshot:
        """The snapshot that counts now; follows the pointer at each call.

        Raises RetriableError(code="no_snapshot") when nothing was published or nothing is readable.
        """
        state, pointer = self._state(), read_pointer(self._folder)
        if (snapshot := self._still_good(state, pointer)) is not None:
            return snapshot
        with state.lock:
            return self._still_good(state, pointer) or self._open_best(state, pointer)

    def open(self, name: str) -> Snapshot:
        """A named snapshot („wie berichtet“). Raises ContractError(code="unknown_snapshot")."""
        state = self._state()
        if state.snapshot is not None and state.snapshot.name == name:
            return state.snapshot
        try:
            return self._open(state, name)
        except (duckdb.Error, RetriableError, FileNotFoundError):
            raise ContractError(
                "Diesen Stand gibt es nicht, oder er ist beschädigt", code="unknown_snapshot", found=name
            ) from None

    def _state(self) -> _PerProcess:
        # The parent's entry stays in the child untouched: closing its connection there would hang.
        return self._states.get(os.getpid()) or self._states.setdefault(os.getpid(), _PerProcess())

    @contextmanager
    def _own_path(self, name: str) -> Iterator[Path]:
        """Path to open. In a child forked after its parent opened the file, a second name of the same file:
        under the first one DuckDB would hand out the parent's instance, whose threads do not exist here.
        """
        path = snapshot_path(self._folder, name)
        if self._states.keys() == {os.getpid()}:
            yield path
            return
        link = self._temp_directory / f"{os.getpid()}-{threading.get_ident()}-{name}.duckdb"
        link.parent.mkdir(parents=True, exist_ok=True)
        link.unlink(missing_ok=True)
        os.link(path, link)
        try:
            yield link
        finally:
            link.unlink(missing_ok=True)

    def _suspect(self, state: _PerProcess, name: str) -> None:
        # A full disk also fails queries; only a file that changed since publication is given up.
        if not is_intact(self._folder, name):
            state.damaged.add(name)

    def _still_good(self, state: _PerProcess, pointer: str | None) -> Snapshot | None:
        snapshot = state.snapshot
        if snapshot is None or state.pointer != pointer or snapshot.name in state.damaged:
            return None
        if state.fallback_reason is not None and time.monotonic() >= state.try_again_at:
            return None
        return snapshot

    def _open_best(self, state: _PerProcess, pointer: str | None) -> Snapshot:
        previous = state.snapshot
        for name in candidates(self._folder):
            if name in state.damaged and name != pointer:
                continue
            try:
                # The one already open is not opened twice: same path, same instance.
                snapshot = previous if previous and previous.name == name else self._open(state, name)
            except (duckdb.Error, RetriableError, FileNotFoundError):
                state.damaged.add(name)
                continue
            if name in state.damaged and snapshot is previous:
                continue
            state.damaged.discard(name)
            self._settle(state, pointer, snapshot)
            return snapshot
        raise RetriableError(
            "Es gibt keinen lesbaren Stand",
            code="no_snapshot",
            where=str(self._folder),
            next_step="Einen Lauf starten: isek refresh",
        )

    def _settle(self, state: _PerProcess, pointer: str | None, snapshot: Snapshot) -> None:
        state.fallback_reason = None
        if snapshot.name != pointer:
            wanted = (
                f"Der Datenstand {pointer} ist nicht lesbar"
                if pointer
                else "Der Verweis auf den Datenstand fehlt"
            )
            state.fallback_reason = f"{wanted}; gezeigt wird der ältere Stand {snapshot.name}."
            state.try_again_at = time.monotonic() + RETRY_SECONDS
        state.pointer, state.snapshot = pointer, snapshot

    def _open(self, state: _PerProcess, name: str) -> Snapshot:
        if not is_intact(self._folder, name, up_to_bytes=FULL_CHECK_BYTES):
            raise RetriableError("Der Stand ist beschädigt", code="snapshot_damaged", where=name)
        with self._own_path(name) as path:
            connection = open_snapshot(
                path,
                memory_limit=self._memory_limit,
                threads=self._threads,
                temp_directory=self._temp_directory,
            )
        snapshot = Snapshot(connection, state.watchdog, partial(self._suspect, state))
        if snapshot.name != name:
            raise RetriableError("Der Stand trägt einen anderen Namen", code="snapshot_damaged", where=name)
        return snapshot
