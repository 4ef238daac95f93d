"""A hand-made warehouse in memory: a few rows per subject, built by the real models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from metrics.catalog import Catalog
from metrics.protect.decide import protect
from warehouse.build import build
from warehouse.decided.files import load_decided
from warehouse.migrate import prepare
from warehouse.reifegrad.files import load_rulers
from warehouse.store import Snapshot, columns_of, quote, scratch
from warehouse.subjects import load_subjects
from warehouse.watchdog import Watchdog

Rows = Sequence[Mapping[str, Any]]
_FILL = {"VARCHAR": "x", "BIGINT": 0, "INTEGER": 0, "BOOLEAN": False}
_MORNING = datetime(2026, 6, 9, 1, 15)

ORGANISATION: Rows = [
    {
        "unit_id": unit,
        "parent_id": parent,
        "name": unit,
        "short": unit,
        "kind": kind,
        "valid_from": date(2020, 1, 1),
    }
    for unit, parent, kind in [
        ("stadt", None, "stadt"),
        ("D1", "stadt", "dezernat"),
        ("D2", "stadt", "dezernat"),
        ("FD10", "D1", "fachdienst"),
        ("FD20", "D1", "fachdienst"),
        ("FD32", "D2", "fachdienst"),
    ]
]


def small_city(
    folder: Path,
    rows: Mapping[str, Rows],
    *,
    business_date: date = date(2026, 6, 9),
    city: Path | None = None,
    catalog: Catalog | None = None,
) -> Snapshot:
    """Build a warehouse from rows per subject (or `meta.<table>`); columns left out are empty.

    With a catalogue its protected tables are decided as a night would."""
    subjects = load_subjects(city)
    connection = scratch(temp_directory=folder)
    prepare(connection, subjects)
    for name, items in {"org_unit": ORGANISATION, **rows}.items():
        schema, _, table = name.rpartition(".")
        _insert(connection, schema or "stage", table, items)
    as_of = _MORNING.replace(tzinfo=UTC)
    build(
        connection,
        subjects=subjects,
        business_date=business_date,
        as_of=as_of,
        rulers=load_rulers(city),
        decided=load_decided(city),
    )
    if catalog is not None:
        protect(connection, catalog, business_date)
    head = {"name": "2026-06-09T011500Z-0001", "business_date": business_date}
    _insert(connection, "meta", "snapshot", [head])
    return Snapshot(connection, Watchdog(), lambda name: None)


def _insert(connection: Any, schema: str, table: str, items: Rows) -> None:
    types = columns_of(connection, schema, table)
    for item in items:
        unknown = item.keys() - types.keys()
        assert not unknown, f"{schema}.{table} has no {unknown}"
        full = {**_defaults(schema, types), **item}
        names = ", ".join(quote(name) for name in full)
        marks = ", ".join("?" for _ in full)
        connection.execute(
            f"INSERT INTO {schema}.{quote(table)} ({names}) VALUES ({marks})", list(full.values())
        )


def _defaults(schema: str, types: Mapping[str, str]) -> dict[str, Any]:
    """Bookkeeping is NOT NULL in most columns; a case names only what it is about."""
    if schema != "meta":
        return {}
    return {
        name: _FILL.get(kind, _MORNING if kind == "TIMESTAMP" else date(2026, 6, 9))
        for name, kind in types.items()
    }
