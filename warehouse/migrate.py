"""Brings a draft to the schema of this version: numbered SQL files, then the tables of the subjects."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from warehouse.contract import Subject
from warehouse.errors import ConfigError
from warehouse.store import Connection, DatabaseError, columns_by_table, columns_of, quote, transaction

MIGRATIONS = Path(__file__).parent / "migrations"

TECHNICAL = {"_source": "VARCHAR", "_run_id": "VARCHAR", "_line": "BIGINT"}
"""Columns every table of `stage` has beside those of its contract."""


@dataclass(frozen=True)
class Migration:
    """One numbered step of the schema."""

    version: int
    name: str
    sql: str


def load_migrations(folder: Path = MIGRATIONS) -> list[Migration]:
    """All steps in order. Raises ConfigError when a number is missing or used twice."""
    steps = [_read(path) for path in sorted(folder.glob("*.sql"))]
    if [step.version for step in steps] != list(range(1, len(steps) + 1)):
        found = ", ".join(step.name for step in steps)
        raise ConfigError(
            "Die Migrationen sind nicht 1, 2, 3 … nummeriert",
            code="migration_order",
            where=str(folder),
            found=found,
        )
    return steps


def migrate(connection: Connection, *, folder: Path = MIGRATIONS) -> int:
    """Apply the missing steps in one transaction; returns the version reached.

    Raises ConfigError(code="newer_schema") for a file of a later version, before anything is touched.
    """
    steps = load_migrations(folder)
    have = schema_version(connection)
    if have > len(steps):
        raise ConfigError(
            "Der Datenbestand stammt von einer neueren Version des Portals",
            code="newer_schema",
            found=f"Schema {have}",
            allowed=f"Schema {len(steps)} oder älter",
            next_step="Die neuere Version einspielen oder auf einen älteren Stand zurückgehen: isek rollback",
        )
    with transaction(connection):
        connection.execute("CREATE SCHEMA IF NOT EXISTS meta")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS meta.migration (version INTEGER PRIMARY KEY, name VARCHAR NOT NULL)"
        )
        for step in steps[have:]:
            connection.execute(step.sql)
            connection.execute("INSERT INTO meta.migration VALUES ($1, $2)", [step.version, step.name])
    return len(steps)


def schema_version(connection: Connection) -> int:
    """Version of a draft or snapshot; 0 for an empty file."""
    if not columns_of(connection, "meta", "migration"):
        return 0
    row = connection.execute("SELECT coalesce(max(version), 0) FROM meta.migration").fetchone()
    return int(row[0]) if row else 0


def prepare(connection: Connection, subjects: Mapping[str, Subject]) -> int:
    """Migrate, then make sure every subject has its table in `stage`; returns the schema version."""
    version = migrate(connection)
    with transaction(connection):
        stage = columns_by_table(connection, "stage")
        for subject in subjects.values():
            _ensure_stage(connection, subject, stage.get(subject.id, {}))
    return version


def stage_columns(subject: Subject) -> dict[str, str]:
    """Columns and types of `stage.<subject>`."""
    return {name: column.duckdb_type for name, column in subject.columns.items()} | TECHNICAL


def _ensure_stage(connection: Connection, subject: Subject, have: Mapping[str, str]) -> None:
    table, wanted = f"stage.{quote(subject.id)}", stage_columns(subject)
    if not have:
        fields = ", ".join(f"{quote(name)} {kind}" for name, kind in wanted.items())
        connection.execute(f"CREATE TABLE {table} ({fields})")
    for name, kind in wanted.items() if have else ():
        if name not in have:
            connection.execute(f"ALTER TABLE {table} ADD COLUMN {quote(name)} {kind}")
        elif have[name] != kind:
            _retype(connection, subject, name, have[name], kind)


def _retype(connection: Connection, subject: Subject, name: str, old: str, new: str) -> None:
    try:
        connection.execute(f"ALTER TABLE stage.{quote(subject.id)} ALTER {quote(name)} TYPE {new}")
    except DatabaseError as error:
        raise ConfigError(
            f"Die Spalte „{name}“ von „{subject.id}“ hat einen neuen Typ, zu dem der Bestand nicht passt",
            code="retyped_column",
            found=f"{old}; {error}",
            allowed=new,
            next_step="Der Spalte einen neuen Namen geben",
        ) from error


def _read(path: Path) -> Migration:
    match = re.fullmatch(r"(\d{4})_([a-z0-9_]+)", path.stem)
    if not match:
        raise ConfigError(
            "Die Datei ist keine Migration", code="migration_order", where=str(path), allowed="0001_name.sql"
        )
    return Migration(int(match.group(1)), match.group(2), path.read_text(encoding="utf-8"))
