"""The definitions of the figures go into the snapshot they count in and into the archive of the ledger.

What is reported stays what it was.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.reasons import german_reason
from metrics.catalog import load_catalog
from metrics.recorded import Kept, definitions
from warehouse.errors import IsekError
from warehouse.ledger import KeptDefinition
from warehouse.store import transaction

if TYPE_CHECKING:
    from datetime import date

    from warehouse.contract import Subject
    from warehouse.ledger import Ledger
    from warehouse.store import Connection


def keep_definitions(
    con: Connection, city: Path, subjects: Mapping[str, Subject]
) -> tuple[Sequence[Kept], str | None]:
    """Write every metric with its version into the draft; return them for the archive.

    The sentence tells a fault of the catalogue.

    A fault in a metric file costs the pages their figures, never the night its data.
    """
    kept: list[Kept] = []
    fault = None
    try:
        kept = list(definitions(load_catalog(city, subjects)))
    except IsekError as error:
        fault = f"Die Definitionen der Kennzahlen fehlen in diesem Stand. {german_reason(error)}"
    with transaction(con):
        con.execute(
            "CREATE OR REPLACE TABLE meta.definition"
            " (metric VARCHAR NOT NULL, version VARCHAR NOT NULL, content VARCHAR NOT NULL)"
        )
        if kept:
            rows = [[item.metric, item.version.hash, item.content] for item in kept]
            con.executemany("INSERT INTO meta.definition VALUES ($1, $2, $3)", rows)
    return kept, fault


def archive_definitions(ledger: Ledger, kept: Sequence[Kept], snapshot: str, day: date) -> str | None:
    """Archive the versions that are new in a published snapshot, each once; a sentence when that failed.

    The next run archives what this one could not: the snapshot has them all.
    """
    try:
        ledger.keep_definitions(to_archive(kept, snapshot, day))
    except IsekError as error:
        return f"Die Definitionen der Kennzahlen sind noch nicht archiviert. {german_reason(error)}"
    return None


def to_archive(kept: Sequence[Kept], snapshot: str, day: date) -> list[KeptDefinition]:
    """Return definitions as the ledger keeps them, with where they counted first."""
    return [
        KeptDefinition(
            item.metric, item.version.hash, day, snapshot, dict(item.version.parts), _content(item)
        )
        for item in kept
    ]


def _content(item: Kept) -> str:
    """The definition with the statements of all tables it rests on: readable without any snapshot."""
    whole = {**json.loads(item.content), "models": dict(item.models)}
    return json.dumps(whole, sort_keys=True, ensure_ascii=False)
