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
from warehouse.store import columns_of, transaction

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
    models = {name: text for item in kept for name, text in item.models.items()}
    with transaction(con):
        con.execute(
            "CREATE OR REPLACE TABLE meta.definition"
            " (metric VARCHAR NOT NULL, version VARCHAR NOT NULL, content VARCHAR NOT NULL)"
        )
        con.execute(
            "CREATE OR REPLACE TABLE meta.definition_model"
            " (name VARCHAR NOT NULL, statement VARCHAR NOT NULL)"
        )
        if kept:
            rows = [[item.metric, item.version.hash, item.content] for item in kept]
            con.executemany("INSERT INTO meta.definition VALUES ($1, $2, $3)", rows)
        if models:
            lines = [list(line) for line in sorted(models.items())]
            con.executemany("INSERT INTO meta.definition_model VALUES ($1, $2)", lines)
    return kept, fault


def definitions_of_base(con: Connection) -> list[KeptDefinition]:
    """Return what the snapshot a draft began with keeps, as the ledger does.

    A run that was killed right after the pointer moved has archived nothing; the next one makes up for it.
    """
    facts = con.execute("SELECT name, business_date FROM meta.snapshot").fetchone()
    if facts is None or not columns_of(con, "meta", "definition"):
        return []
    models: dict[str, str] = {}
    if columns_of(con, "meta", "definition_model"):
        models = dict(con.execute("SELECT name, statement FROM meta.definition_model").fetchall())
    rows = con.execute("SELECT metric, version, content FROM meta.definition ORDER BY metric").fetchall()
    snapshot, day = facts
    return [_of_base(metric, version, content, models, snapshot, day) for metric, version, content in rows]


def _of_base(
    metric: str, version: str, content: str, models: Mapping[str, str], snapshot: str, day: date
) -> KeptDefinition:
    parts = json.loads(content)["version"]
    behind = {name: models[name] for name in sorted(parts) if name in models}
    return KeptDefinition(metric, version, day, snapshot, parts, _whole(content, behind))


def archive_definitions(
    ledger: Ledger, base: Sequence[KeptDefinition], kept: Sequence[Kept], snapshot: str, day: date
) -> str | None:
    """Archive the versions that are new in a published snapshot, each once; a sentence when that failed.

    base: what the run before should have archived and the ledger may lack.
    """
    try:
        ledger.keep_definitions([*base, *to_archive(kept, snapshot, day)])
    except IsekError as error:
        return f"Die Definitionen der Kennzahlen sind noch nicht archiviert. {german_reason(error)}"
    return None


def to_archive(kept: Sequence[Kept], snapshot: str, day: date) -> list[KeptDefinition]:
    """Return definitions as the ledger keeps them, with where they counted first."""
    return [
        KeptDefinition(
            item.metric, item.version.hash, day, snapshot, dict(item.version.parts),
            _whole(item.content, item.models),
        )
        for item in kept
    ]  # fmt: skip


def _whole(content: str, models: Mapping[str, str]) -> str:
    """The definition with the statements of all tables it rests on: readable without any snapshot."""
    whole = {**json.loads(content), "models": dict(models)}
    return json.dumps(whole, sort_keys=True, ensure_ascii=False)
