"""Runs every metric and list once against a snapshot and looks at the types: `isek metrics --check`."""

from __future__ import annotations

from collections.abc import Iterator

from metrics.catalog import Catalog, Metric
from metrics.lineage import Snapshot
from metrics.query import query
from metrics.records import records
from metrics.result import Scope
from warehouse.errors import ConfigError, IsekError
from warehouse.store import DatabaseError

_ADDED_UP = ("numerator", "denominator", "n", "known", "lower", "upper")
_FLOATING = ("DOUBLE", "FLOAT")


def dry_run(catalog: Catalog, snapshot: Snapshot) -> list[IsekError]:
    """Return what is wrong with metrics and lists, each error naming its file; empty when all is well."""
    return [*_metrics(catalog, snapshot), *_lists(catalog, snapshot)]


def _metrics(catalog: Catalog, snapshot: Snapshot) -> Iterator[IsekError]:
    for metric in catalog.metrics.values():
        try:
            types = column_types(snapshot, metric.sql)
            yield from _wrong_types(metric, types)
            query(catalog, snapshot, metric.id, scope=Scope.city())
        except DatabaseError as error:
            yield _failed(str(metric.path), error)
        except IsekError as error:
            yield error


def _lists(catalog: Catalog, snapshot: Snapshot) -> Iterator[IsekError]:
    for item in catalog.lists.values():
        try:
            records(catalog, snapshot, item.id, scope=Scope.city(), limit=1)
        except DatabaseError as error:
            yield _failed(str(item.path), error)
        except IsekError as error:
            yield error


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


def _failed(where: str, error: Exception) -> ConfigError:
    return ConfigError("Die Anweisung läuft nicht", code="does_not_run", where=where, found=error)
