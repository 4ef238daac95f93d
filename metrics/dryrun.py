"""Runs every metric and list once against a snapshot and looks at the types: `isek metrics --check`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from metrics.catalog import TARGETS, Catalog, Metric, RecordList, load_catalog
from metrics.header import read_sql_file
from metrics.lineage import Snapshot
from metrics.query import query
from metrics.records import records
from metrics.result import Scope
from warehouse.contract import Subject
from warehouse.errors import ConfigError, IsekError
from warehouse.store import DatabaseError

_ADDED_UP = ("numerator", "denominator", "n", "known", "lower", "upper")
_FLOATING = ("DOUBLE", "FLOAT")


_LINE = re.compile(r"\bLINE (\d+):")


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of one file: `rows` its statement gave for the whole city, or the `fault` found in it."""

    id: str
    kind: str
    path: Path
    rows: int | None = None
    fault: IsekError | None = None


def check_all(city: Path | None, subjects: Mapping[str, Subject], snapshot: Snapshot) -> tuple[Checked, ...]:
    """Load and run every metric and list, faulty files included: one line per file, by kind and id."""
    faulty: list[Checked] = []

    def note(path: Path, error: ConfigError) -> None:
        faulty.append(Checked(path.stem, _kind(path), path, fault=error))

    catalog = load_catalog(city, subjects, on_fault=note)
    found = [*faulty, *(_run_metric(catalog, snapshot, item) for item in catalog.metrics.values())]
    found += [_run_list(catalog, snapshot, item) for item in catalog.lists.values()]
    return tuple(sorted(found, key=lambda item: (KINDS.index(item.kind), item.id)))


KINDS = ("Kennzahl", "Liste", "Zielpfade")


def _kind(path: Path) -> str:
    return "Zielpfade" if path.name == TARGETS else "Kennzahl"


def dry_run(catalog: Catalog, snapshot: Snapshot) -> list[IsekError]:
    """Return what is wrong with metrics and lists, each error naming its file; empty when all is well."""
    found = [_run_metric(catalog, snapshot, item) for item in catalog.metrics.values()]
    found += [_run_list(catalog, snapshot, item) for item in catalog.lists.values()]
    return [item.fault for item in found if item.fault is not None]


def _run_metric(catalog: Catalog, snapshot: Snapshot, metric: Metric) -> Checked:
    try:
        wrong = next(_wrong_types(metric, column_types(snapshot, metric.sql)), None)
        if wrong is None:
            rows = query(catalog, snapshot, metric.id, scope=Scope.city()).rows
            return Checked(metric.id, "Kennzahl", metric.path, len(rows))
    except DatabaseError as error:
        wrong = _failed(metric, error)
    except IsekError as error:
        return Checked(metric.id, "Kennzahl", metric.path, fault=error)
    return Checked(metric.id, "Kennzahl", metric.path, fault=wrong)


def _run_list(catalog: Catalog, snapshot: Snapshot, item: RecordList) -> Checked:
    try:
        column_types(snapshot, item.sql)
        total = records(catalog, snapshot, item.id, scope=Scope.city(), limit=1).total
        return Checked(item.id, "Liste", item.path, total)
    except DatabaseError as error:
        return Checked(item.id, "Liste", item.path, fault=_failed(item, error))
    except IsekError as error:
        return Checked(item.id, "Liste", item.path, fault=error)


def column_types(snapshot: Snapshot, sql: str) -> dict[str, str]:
    """Return the DuckDB types of a statement's columns without running it."""
    return {str(row[0]): str(row[1]) for row in snapshot.query("DESCRIBE " + sql)}


def _wrong_types(metric: Metric, types: dict[str, str]) -> Iterator[ConfigError]:
    if types["period"] != "DATE":
        yield _type_error(metric, "period", types["period"], "DATE")
    for name in _ADDED_UP:
        if types.get(name) in _FLOATING:
            yield _type_error(metric, name, types[name], "ganze Zahlen oder DECIMAL: Geld ist nie Gleitkomma")


def _type_error(metric: Metric, column: str, found: str, allowed: str) -> ConfigError:
    return ConfigError(
        f"Die Spalte „{column}“ hat den falschen Typ",
        code="wrong_type",
        where=str(metric.path),
        found=found,
        allowed=allowed,
    )


def _failed(item: Metric | RecordList, error: Exception) -> ConfigError:
    return ConfigError(
        "Die Anweisung läuft nicht",
        code="does_not_run",
        where=_place(item.path, str(error)),
        found=str(error).partition("\n")[0],
        allowed="ein SELECT über Spalten, die es gibt",
        next_step="isek sources --subjects zeigt die Spalten; eine neue gibt es erst nach isek refresh",
    )


def _place(path: Path, message: str) -> str:
    """File and line: the database counts lines from the beginning of the statement."""
    line = _LINE.search(message)
    return read_sql_file(path).at(int(line[1])) if line else str(path)
