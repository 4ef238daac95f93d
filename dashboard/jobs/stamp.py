"""What a run writes about itself into the draft: identity, content hash, sources it could not even plan."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from connectors.reasons import german_reason
from dashboard.jobs.accounting import SourceLine
from warehouse.build import load_models
from warehouse.decided.files import load_decided
from warehouse.decided.tables import decided_hash
from warehouse.digest import content_hash
from warehouse.errors import ConfigError
from warehouse.migrate import schema_version
from warehouse.reifegrad.files import load_rulers
from warehouse.reifegrad.tables import rulers_hash
from warehouse.store import quote, tables_of, transaction

if TYPE_CHECKING:
    from warehouse.contract import Subject
    from warehouse.decided.model import Decided
    from warehouse.errors import IsekError
    from warehouse.reifegrad.ruler import Rulers
    from warehouse.store import Connection


def definition_hash(
    subjects: Mapping[str, Subject], rulers: Rulers | None = None, decided: Decided | None = None
) -> str:
    """Hash of everything that decides how tables are built from deliveries."""
    digest = hashlib.sha256()
    for name, model in sorted(load_models().items()):
        digest.update(f"{name}\n{model.sql}\n".encode())
    for name, subject in sorted(subjects.items()):
        digest.update(f"{name}\n{subject.model_dump_json()}\n".encode())
    digest.update(f"rulers\n{rulers_hash(rulers or load_rulers(None))}\n".encode())
    digest.update(f"decided\n{decided_hash(decided or load_decided(None))}\n".encode())
    return digest.hexdigest()


def stamp(
    con: Connection,
    *,
    name: str,
    city: str,
    business_date: date,
    as_of: datetime,
    created_at: datetime,
    run_id: str,
    definitions: str,
) -> str | None:
    """Write meta.snapshot; return a sentence when the same business date had been published before."""
    before = con.execute("SELECT name, business_date, content_hash FROM meta.snapshot").fetchone()
    content = content_hash(con)
    with transaction(con):
        con.execute("DELETE FROM meta.snapshot")
        con.execute(
            "INSERT INTO meta.snapshot (name, city, business_date, as_of, created_at, run_id,"
            " definition_hash, content_hash, schema_version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            [
                name,
                city,
                business_date,
                _utc(as_of),
                _utc(created_at),
                run_id,
                definitions,
                content,
                schema_version(con),
            ],
        )
    if before is None or before[1] != business_date:
        return None
    change = "der Inhalt ist gleich" if before[2] == content else "der Inhalt hat sich geändert"
    return f"Der Geschäftstag {business_date:%d.%m.%Y} war schon veröffentlicht ({before[0]}); {change}."


def note_broken(con: Connection, source: str, error: IsekError, run_id: str, now: datetime) -> SourceLine:
    """Note a source whose declaration is wrong; one that was never loaded gets a line that says so."""
    reason = f"Die Erklärung der Quelle ist fehlerhaft. {german_reason(error)}"
    con.execute(
        "INSERT INTO meta.source (source, title, owner, kind, nature, every, fresh_for_days, state, stale)"
        " SELECT $1, $1, 'Fachadministration', '–', 'echt', 'night', 0, 'nie_geladen', true"
        " WHERE NOT EXISTS (SELECT 1 FROM meta.source WHERE source = $1)",
        [source],
    )
    con.execute(
        "UPDATE meta.source SET state = CASE WHEN as_of IS NULL THEN 'nie_geladen' ELSE 'fehlgeschlagen' END,"
        " reason_code = $2, reason = $3, last_run_id = $4, last_try_at = $5 WHERE source = $1",
        [source, error.code, reason, run_id, _utc(now)],
    )
    return SourceLine(source, "fehlgeschlagen", reason_code=error.code, reason=reason)


def drop_retired(con: Connection, declared: Collection[str]) -> list[str]:
    """Remove everything of sources that no longer have a file; return their ids.

    Raises ConfigError(code="no_sources") when all of them are gone: that is a folder that is not there, and
    no wish to publish nothing.
    """
    known = [row[0] for row in con.execute("SELECT source FROM meta.source ORDER BY source").fetchall()]
    retired = [source for source in known if source not in declared]
    if known and not declared:
        raise ConfigError(
            "Keine einzige Quelle ist mehr erklärt",
            code="no_sources",
            where="sources/",
            found=f"zuletzt {len(known)} Quellen",
            next_step="Den Ordner wiederherstellen; der bisherige Stand bleibt in Gebrauch",
        )
    for source in retired:
        with transaction(con):
            # Also in tables whose subject is no longer declared: what is retired does not stay in a cellar.
            for table in tables_of(con, "stage"):
                con.execute(f"DELETE FROM stage.{quote(table)} WHERE _source = $1", [source])  # noqa: S608
            for table in ("source", "load", "cursor", "rejected", "held", "finding", "change"):
                con.execute(f"DELETE FROM meta.{table} WHERE source = $1", [source])  # noqa: S608
    return retired


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)
