"""Transactions of the ledger and the audit trail: a chain of hashes, one line per action."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    create_engine,
    event,
    func,
    insert,
    inspect,
    make_url,
    or_,
    select,
)
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError

from warehouse.errors import ConfigError, RetriableError
from warehouse.ledger.tables import SCHEMA_VERSION, audit_event, ledger_version, metadata

LOCK_WAIT_MS = 30_000
GENESIS = "0" * 64
_BUSY = (
    "Die Datenbank des Portals ist beschäftigt oder nicht erreichbar",
    "In einem Augenblick noch einmal versuchen",
)
_NOT_WRITABLE = (
    "Die Datenbank des Portals ist nicht beschreibbar",
    "Schreibrechte des Ordners var prüfen",
)
_WORDS = {
    "FULL": ("Für die Datenbank des Portals fehlt Speicherplatz", "Platz schaffen und noch einmal versuchen"),
    "READONLY": _NOT_WRITABLE,
    "CANTOPEN": _NOT_WRITABLE,
}
_PASSING = (
    "SQLITE_BUSY",
    "SQLITE_LOCKED",
    "SQLITE_CANTOPEN",
    "SQLITE_IOERR",
    "SQLITE_FULL",
    "SQLITE_READONLY",
)
_CHAIN_LOCK = 0x15E4
"""Key of the advisory lock that puts writers of the chain in line on PostgreSQL."""


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One line of the trail; `hash` covers every field and the hash of the line before."""

    id: int
    at: datetime
    who: str
    what: str
    detail: Mapping[str, Any]
    prev_hash: str
    hash: str


_COMING_AND_GOING = ("session", "link", "login", "token")
_LAST_CHANGE = (
    select(audit_event.c.id)
    .where(~or_(*(audit_event.c.what.startswith(f"{kind}.") for kind in _COMING_AND_GOING)))
    .order_by(audit_event.c.id.desc())
    .limit(1)
)


class Trail:
    """Opens the database, runs transactions, keeps the trail."""

    def __init__(self, url: str, *, lock_wait_ms: int = LOCK_WAIT_MS) -> None:
        self._url, self._lock_wait_ms = url, lock_wait_ms
        self._engines: dict[int, Engine] = {}

    def __repr__(self) -> str:
        """The address without its password."""
        return f"Ledger({make_url(self._url).render_as_string(hide_password=True)})"

    def close(self) -> None:
        """Close this process's connections."""
        if (engine := self._engines.pop(os.getpid(), None)) is not None:
            engine.dispose()

    def require_whole(self) -> None:
        """Look through the database before anything relies on it; the server's own when it is PostgreSQL.

        Raises ConfigError(code="ledger_damaged") with the way back, RetriableError when it is not reachable.
        """
        with self._reading() as connection:
            if connection.dialect.name != "sqlite":
                return
            found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
        if found != "ok":
            raise _damaged("quick_check")

    def record(self, who: str, what: str, detail: Mapping[str, Any] | None = None) -> None:
        """Write an audit line for an action that changes nothing else here (export, roll back, denial)."""
        with self._writing() as connection:
            self._note(connection, who, what, detail or {})

    def audit_events(self, *, limit: int = 200) -> list[AuditEvent]:
        """The latest lines, newest first."""
        with self._reading() as connection:
            rows = connection.execute(
                select(audit_event).order_by(audit_event.c.id.desc()).limit(limit)
            ).all()
        return [_event(dict(row._mapping)) for row in rows]

    def verify_audit_chain(self) -> int | None:
        """Number of the first line that was altered, removed or moved; None when the chain is whole.

        Lines cut off at the end leave a whole chain; compare `audit_head` with a copy kept elsewhere.
        """
        previous, expected = GENESIS, 1
        with self._reading() as connection:
            for row in connection.execute(select(audit_event).order_by(audit_event.c.id)):
                line = dict(row._mapping)
                if line["id"] != expected or line["prev_hash"] != previous or line["hash"] != _digest(line):
                    return expected
                previous, expected = line["hash"], expected + 1
        return None

    def audit_head(self) -> tuple[int, str]:
        """Number and hash of the last line; (0, zeros) for an empty trail."""
        with self._reading() as connection:
            return _head(connection)

    def last_change(self) -> int:
        """Number of the last line about more than signing in or out and tokens; 0 without one."""
        with self._reading() as connection:
            return int(connection.execute(_LAST_CHANGE).scalar() or 0)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._guarded(), self._engine().connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with (
            self._guarded(),
            self._engine().connect().execution_options(isek_writes=True) as connection,
            connection.begin(),
        ):
            yield connection

    def _note(self, connection: Connection, who: str, what: str, detail: Mapping[str, Any]) -> None:
        """Append an audit line inside the caller's transaction."""
        _queue_up(connection)
        number, previous = _head(connection)
        line: dict[str, Any] = {
            "id": number + 1,
            "at": datetime.now(UTC).isoformat(),
            "who": who,
            "what": what,
            "detail": json.dumps(detail, sort_keys=True, ensure_ascii=False, default=str),
            "prev_hash": previous,
        }
        connection.execute(insert(audit_event).values(**line, hash=_digest(line)))

    @contextmanager
    def _in_line(self) -> Iterator[Connection]:
        """A transaction nobody else writes beside: what it reads still holds when it writes."""
        with self._writing() as connection:
            _queue_up(connection)
            yield connection

    def _engine(self) -> Engine:
        # A forked child must not share its parent's connections.
        engine = self._engines.get(os.getpid())
        if engine is None:
            engine = _open(self._url, self._lock_wait_ms)
            _migrate(engine)
            engine = self._engines.setdefault(os.getpid(), engine)
        return engine

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            if (told := _told(error)) is None:
                raise
            raise told from None


def _told(error: DBAPIError) -> ConfigError | RetriableError | None:
    """What to do about a driver's error; its message may hold the password and stays away."""
    name = str(getattr(error.orig, "sqlite_errorname", type(error.orig).__name__))
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return _damaged(name)
    if name.startswith("SQLITE_") and not name.startswith(_PASSING):
        return None
    if not isinstance(error, OperationalError | InterfaceError):
        return None
    what, next_step = _WORDS.get(name.split("_")[1] if name.startswith("SQLITE_") else "", _BUSY)
    return RetriableError(what, code="ledger_busy", found=name, next_step=next_step)


def _damaged(found: str) -> ConfigError:
    return ConfigError(
        "Die Datenbank des Portals ist beschädigt",
        code="ledger_damaged",
        found=found,
        next_step="Aus der Sicherung wiederherstellen: isek restore",
    )


def _open(url: str, lock_wait_ms: int) -> Engine:
    address = _address(url)
    if address.get_backend_name() == "sqlite":
        if address.database and address.database != ":memory:":
            Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(address, json_serializer=_to_json)
        event.listen(engine, "connect", _sqlite_settings(lock_wait_ms))
        event.listen(engine, "begin", _sqlite_begin)
        return engine
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    return create_engine(address, json_serializer=_to_json, pool_pre_ping=True)


def _address(url: str) -> URL:
    try:
        address = make_url(url)
        address.get_dialect()
    except (ArgumentError, ValueError):
        # What SQLAlchemy says about it would repeat parts of the password.
        raise ConfigError(
            "Die Adresse der Datenbank des Portals ist nicht lesbar",
            code="bad_ledger_url",
            where="portal.toml [stores] ledger_url",
            allowed="sqlite:///var/ledger.sqlite oder postgresql://NUTZER:PASSWORT@HOST/NAME; "
            "Sonderzeichen im Passwort in Prozentschreibweise",
        ) from None
    return address


def _sqlite_settings(lock_wait_ms: int) -> Callable[[Any, Any], None]:
    def apply(connection: Any, _: Any) -> None:
        # The driver's own transaction handling starts too late for BEGIN IMMEDIATE.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {int(lock_wait_ms)}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")

    return apply


def _sqlite_begin(connection: Connection) -> None:
    # A writer that first reads and later upgrades its lock fails at once instead of waiting.
    writes = connection.get_execution_options().get("isek_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _queue_up(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_CHAIN_LOCK)))


def _migrate(engine: Engine) -> None:
    with engine.connect().execution_options(isek_writes=True) as connection, connection.begin():
        _queue_up(connection)
        have = _version(connection)
        if have > SCHEMA_VERSION:
            raise ConfigError(
                "Die Datenbank des Portals stammt von einer neueren Version des Portals",
                code="newer_schema",
                found=f"Schema {have}",
                allowed=f"Schema {SCHEMA_VERSION} oder älter",
                next_step="Die neuere Version einspielen",
            )
        if have < SCHEMA_VERSION:
            # Every step so far only added tables; those that are there stay as they are.
            metadata.create_all(connection)
            connection.execute(insert(ledger_version).values(version=SCHEMA_VERSION))


def _version(connection: Connection) -> int:
    if not inspect(connection).has_table(ledger_version.name):
        return 0
    return int(connection.execute(select(func.max(ledger_version.c.version))).scalar() or 0)


def _head(connection: Connection) -> tuple[int, str]:
    last = connection.execute(
        select(audit_event.c.id, audit_event.c.hash).order_by(audit_event.c.id.desc()).limit(1)
    ).first()
    return (last.id, last.hash) if last else (0, GENESIS)


def _digest(line: Mapping[str, Any]) -> str:
    fields = [line[name] for name in ("id", "at", "who", "what", "detail", "prev_hash")]
    return hashlib.sha256(json.dumps(fields, ensure_ascii=False).encode()).hexdigest()


def _event(line: Mapping[str, Any]) -> AuditEvent:
    values = {**line, "at": datetime.fromisoformat(line["at"]), "detail": json.loads(line["detail"])}
    return AuditEvent(**values)


def _to_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
