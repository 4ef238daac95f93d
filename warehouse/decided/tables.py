"""Writes parameters and rankings into `core` of a draft, so that a snapshot explains itself."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from warehouse.decided.model import Decided
from warehouse.store import Connection

Row = tuple[object, ...]

TABLES: dict[str, str] = {
    "parameter": "parameter_id VARCHAR, title VARCHAR, unit VARCHAR, amount DECIMAL(12,4), valid_from DATE,"
    " valid_to DATE, source VARCHAR",
    "ranking": "ranking_id VARCHAR, title VARCHAR, decided VARCHAR, valid_from DATE, places BIGINT",
    "ranking_criterion": "ranking_id VARCHAR, criterion VARCHAR, title VARCHAR, weight DECIMAL(9,4),"
    " position BIGINT",
}
"""Tables of `core` by name. A parameter the town gave no value has one row without amount, day and source."""


def create_tables(connection: Connection, decided: Decided) -> None:
    """Create and fill the tables; `core` exists and is empty of them."""
    for table, columns in TABLES.items():
        connection.execute(f"CREATE TABLE core.{table} ({columns})")
    for table, rows in _content(decided):
        for row in rows:
            marks = ", ".join("?" for _ in row)
            connection.execute(f"INSERT INTO core.{table} VALUES ({marks})", list(row))  # noqa: S608


def decided_hash(decided: Decided) -> str:
    """Hash of all of it: another parameter makes another figure from the same deliveries."""
    lines = [repr((table, row)) for table, rows in _content(decided) for row in rows]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _content(decided: Decided) -> Iterator[tuple[str, list[Row]]]:
    yield "parameter", list(_parameters(decided))
    rankings = list(decided.rankings.values())
    yield "ranking", [(r.id, r.title, r.decided, r.valid_from, r.places) for r in rankings]
    yield (
        "ranking_criterion",
        [
            (r.id, name, criterion.title, criterion.weight, position)
            for r in rankings
            for position, (name, criterion) in enumerate(r.criteria.items(), start=1)
        ],
    )


def _parameters(decided: Decided) -> Iterator[Row]:
    for name, need in decided.needs.items():
        if name not in decided.parameters:
            yield (name, need.title, need.unit, None, None, None, None)
    for name, parameter in decided.parameters.items():
        told = decided.needs.get(name, parameter)
        for dated, last in parameter.intervals:
            yield (name, told.title, told.unit, dated.value, dated.valid_from, last, dated.source)
