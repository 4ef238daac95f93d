"""The definitions of the figures go into the snapshot they count in: what is reported stays what it was."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.reasons import german_reason
from metrics.catalog import load_catalog
from metrics.recorded import definitions
from warehouse.errors import IsekError
from warehouse.store import transaction

if TYPE_CHECKING:
    from warehouse.contract import Subject
    from warehouse.store import Connection


def keep_definitions(con: Connection, city: Path, subjects: Mapping[str, Subject]) -> str | None:
    """Write every metric with its version into the draft; return a sentence when the catalogue has a fault.

    A fault in a metric file costs the pages their figures, never the night its data.
    """
    try:
        rows = list(definitions(load_catalog(city, subjects)))
    except IsekError as error:
        rows, fault = [], f"Die Definitionen der Kennzahlen fehlen in diesem Stand. {german_reason(error)}"
    else:
        fault = None
    with transaction(con):
        con.execute(
            "CREATE OR REPLACE TABLE meta.definition"
            " (metric VARCHAR NOT NULL, version VARCHAR NOT NULL, content VARCHAR NOT NULL)"
        )
        if rows:
            con.executemany("INSERT INTO meta.definition VALUES ($1, $2, $3)", rows)
    return fault
