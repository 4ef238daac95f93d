"""S6: decides the tables of small numbers of a draft; a faulty catalogue costs no publication."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from connectors.reasons import german_reason
from metrics.catalog import load_catalog
from metrics.protect.carry import carry_over
from metrics.protect.decide import protect
from warehouse.errors import IsekError
from warehouse.pointer import is_intact, serial_of, snapshot_names
from warehouse.store import DatabaseError, Snapshot, SnapshotReader, transaction

if TYPE_CHECKING:
    from datetime import date

    from dashboard.settings import Settings
    from warehouse.store import Connection

UNDECIDED = "Geschützte Tabellen wurden nicht entschieden; gezeigt wird nur, was es schon war."


def protect_small_numbers(con: Connection, settings: Settings, business_date: date) -> list[str]:
    """Return remarks for the record; what is not decided is not shown, so a failure gives nothing away."""
    notes: list[str] = []
    try:
        # First and by itself: what was shown stays decided, also beside a faulty catalogue.
        with transaction(con):
            notes = carry_over(con, _later(con, settings))
        catalog = load_catalog(settings.city)
        with transaction(con):
            return notes + protect(con, catalog, business_date)
    except IsekError as error:
        return [*notes, f"{UNDECIDED} {german_reason(error)}"]
    except (DatabaseError, ArithmeticError) as error:
        return [*notes, f"{UNDECIDED} {type(error).__name__}"]


def _later(con: Connection, settings: Settings) -> Iterator[Snapshot]:
    """Snapshots that are newer than the one the draft began with, newest first: none but after a way back."""
    row = con.execute("SELECT name FROM meta.snapshot").fetchone()
    serial = serial_of(row[0]) if row else 0
    reader = SnapshotReader(settings.warehouse_dir, temp_directory=settings.temp_dir)
    for name in snapshot_names(settings.warehouse_dir):
        # A damaged one can no longer be asked by anybody either.
        if serial_of(name) > serial and is_intact(settings.warehouse_dir, name):
            yield reader.open(name)
