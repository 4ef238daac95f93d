"""Builds `core` and `mart` of a draft from SQL models; the order follows from what they read.

A model is one SELECT in `models/<schema>/<name>.sql` and becomes the table `<schema>.<name>`. Facts about
the run come from the table `core.run(business_date, as_of)`, Reifegrad models and rules of counting from the
tables of `warehouse.reifegrad`, parameters and rankings from those of `warehouse.decided`. A subject without
a model of its own appears as `core.<subject>`: the contract columns and `_source`.
"""

# ruff: noqa: S608 - names come from contracts through `quote`, texts through `literal`, values are parameters

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.scope import traverse_scope

from warehouse.contract import Subject
from warehouse.decided import tables as decided_tables
from warehouse.decided.files import load_decided
from warehouse.decided.model import Decided
from warehouse.errors import ConfigError, did_you_mean
from warehouse.reifegrad import tables as ruler_tables
from warehouse.reifegrad.files import load_rulers
from warehouse.reifegrad.ruler import Rulers
from warehouse.store import Connection, DatabaseError, quote, transaction

MODELS = Path(__file__).parent / "models"
RUN = "core.run"
RULERS = frozenset(f"core.{name}" for name in (*ruler_tables.TABLES, *decided_tables.TABLES))
META = frozenset(
    f"meta.{name}"
    for name in (
        *("snapshot", "source", "load", "cursor", "rejected", "migration"),
        *("agreement", "held", "finding", "change"),
    )
)


@dataclass(frozen=True)
class Model:
    """One table to build: `core.case` or `mart.budget_month`, its file, its SELECT, what it reads."""

    table: str
    path: Path
    sql: str
    reads: frozenset[str] = field(default=frozenset())


def load_models(folder: Path = MODELS) -> dict[str, Model]:
    """All models by table name. Raises ConfigError (model_syntax) naming the file."""
    models = {}
    for schema in ("core", "mart"):
        for path in sorted((folder / schema).glob("*.sql")):
            sql = path.read_text(encoding="utf-8").strip().rstrip(";")
            table = f"{schema}.{path.stem}"
            models[table] = Model(table, path, sql, dependencies(sql, where=str(path)))
    return models


def dependencies(sql: Model | str, *, where: str | None = None) -> frozenset[str]:
    """Tables a SELECT reads as `schema.name`; common table expressions and table functions are not tables.

    Raises ConfigError(code="model_syntax") when it is not exactly one SELECT.
    """
    return sql.reads if isinstance(sql, Model) else _dependencies(sql, where)


@cache
def _dependencies(sql: str, where: str | None) -> frozenset[str]:
    statement = _parse(sql, where)
    tables = (
        source
        for scope in traverse_scope(statement)
        for source in scope.sources.values()
        if isinstance(source, exp.Table) and isinstance(source.this, exp.Identifier)
    )
    return frozenset(f"{table.db}.{table.name}" if table.db else table.name for table in tables)


def _parse(sql: str, where: str | None) -> exp.Query:
    try:
        statements = [s for s in sqlglot.parse(sql, read="duckdb") if s is not None]
    except SqlglotError as error:
        raise ConfigError(
            "Das Modell ist kein lesbares SQL", code="model_syntax", where=where, found=str(error)
        ) from None
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        found = ", ".join(s.key for s in statements) or "nichts"
        raise ConfigError(
            "Das Modell ist nicht genau ein SELECT", code="model_syntax", where=where, found=found
        )
    return statements[0]


def lineage(table: str, models: Mapping[str, Model], subjects: Mapping[str, Subject]) -> frozenset[str]:
    """Subjects a table rests on, directly or through other models."""
    found, seen, waiting = set(), set(), [table]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        schema, _, short = name.partition(".")
        if name in models:
            waiting.extend(models[name].reads)
        elif schema in ("core", "stage") and short in subjects:
            found.add(short)
    return frozenset(found)


def build_order(models: Mapping[str, Model], subjects: Mapping[str, Subject]) -> list[Model]:
    """Models so that each comes after what it reads. Raises ConfigError (unknown_table, model_cycle)."""
    known = known_tables(models, subjects)
    for model in models.values():
        for name in sorted(model.reads - known):
            raise ConfigError(
                f"Die Tabelle „{name}“ gibt es nicht",
                code="unknown_table",
                where=str(model.path),
                next_step=did_you_mean(name, known)
                or "Die Tabelle mit ihrem Schema nennen: stage, core, mart oder meta",
            )
    try:
        order = TopologicalSorter(
            {m.table: sorted(m.reads & models.keys()) for m in models.values()}
        ).static_order()
        return [models[name] for name in order]
    except CycleError as error:
        circle = " → ".join(error.args[1])
        where = str(models[error.args[1][0]].path)
        raise ConfigError(
            "Die Modelle lesen einander im Kreis", code="model_cycle", where=where, found=circle
        ) from None


def known_tables(models: Mapping[str, Model], subjects: Mapping[str, Subject]) -> frozenset[str]:
    """Every table a model or a metric may name."""
    own = {f"{schema}.{name}" for schema in ("stage", "core") for name in subjects}
    return frozenset(own | models.keys() | META | RULERS | {RUN})


def build(
    connection: Connection,
    *,
    subjects: Mapping[str, Subject],
    business_date: date,
    as_of: datetime,
    models: Mapping[str, Model] | None = None,
    rulers: Rulers | None = None,
    decided: Decided | None = None,
) -> dict[str, int]:
    """Rebuild `core` and `mart` in one transaction; returns the rows of every table built.

    rulers: Reifegrad models, crosswalks and rules of counting; without them the built-in ones.
    decided: parameters and rankings of the town; without them none has a value.

    Raises ConfigError (unknown_table, model_cycle, model_failed) naming the file of the model.
    """
    models = load_models() if models is None else models
    order = build_order(models, subjects)
    with transaction(connection):
        for schema in ("mart", "core"):
            connection.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
        for schema in ("core", "mart"):
            connection.execute(f"CREATE SCHEMA {schema}")
        _create_run(connection, business_date, as_of)
        ruler_tables.create_tables(connection, rulers or load_rulers(None))
        decided_tables.create_tables(connection, decided or load_decided(None))
        for subject in subjects.values():
            if f"core.{subject.id}" not in models:
                _create_plain(connection, subject)
        return {model.table: _create(connection, model) for model in order}


def _create_run(connection: Connection, business_date: date, as_of: datetime) -> None:
    connection.execute("CREATE TABLE core.run (business_date DATE NOT NULL, as_of TIMESTAMP NOT NULL)")
    moment = as_of.astimezone(UTC).replace(tzinfo=None)
    connection.execute("INSERT INTO core.run VALUES ($1, $2)", [business_date, moment])


def _create_plain(connection: Connection, subject: Subject) -> None:
    names = ", ".join(quote(name) for name in (*subject.columns, "_source"))
    name = quote(subject.id)
    connection.execute(f"CREATE VIEW core.{name} AS SELECT {names} FROM stage.{name}")


def _create(connection: Connection, model: Model) -> int:
    schema, _, name = model.table.partition(".")
    try:
        connection.execute(f"CREATE TABLE {schema}.{quote(name)} AS\n{model.sql}")
        row = connection.execute(f"SELECT count(*) FROM {schema}.{quote(name)}").fetchone()
    except DatabaseError as error:
        raise ConfigError(
            "Das Modell lässt sich nicht bauen", code="model_failed", where=str(model.path), found=error
        ) from error
    return int(row[0]) if row else 0
