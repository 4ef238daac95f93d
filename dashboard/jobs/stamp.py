"""What a run writes about itself into the draft: identity, content hash, sources it could not even plan."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from dashboard.jobs.accounting import SourceLine
from warehouse.build import load_models
from warehouse.migrate import schema_version
from warehouse.store import quote, transaction

if TYPE_CHECKING:
    from warehouse.contract import Subject
    from warehouse.errors import IsekError
    from warehouse.store import Connection


def definition_hash(subjects: Mapping[str, Subject]) -> str:
    """Hash of everything that decides how tables are built from deliveries."""
    digest = hashlib.sha256()
    for name, model in sorted(load_models().items()):
        digest.update(f"{name}\n{model.sql}\n".encode())
    for name, subject in sorted(subjects.items()):
        digest.update(f"{name}\n{subject.model_dump_json()}\n".encode())
    return digest.hexdigest()


def content_hash(con: Connection, subjects: Mapping[str, Subject]) -> str:
    """Hash of all rows in `stage`, whatever their order, line and run."""
    digest = hashlib.sha256()
    for name in sorted(subjects):
        kept = f"(SELECT * EXCLUDE (_run_id, _line) FROM stage.{quote(name)}) AS kept"  # noqa: S608 - contract name
        row = con.execute(f"SELECT count(*), coalesce(sum(hash(kept)), 0) FROM {kept}").fetchone()  # noqa: S608
        digest.update(f"{name}:{row}\n".encode())
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
    subjects: Mapping[str, Subject],
) -> str | None:
    """Write meta.snapshot; return a sentence when the same business date had been published before."""
    before = con.execute("SELECT name, business_date, content_hash FROM meta.snapshot").fetchone()
    content = content_hash(con, subjects)
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
    """Note a source whose declaration is wrong; a source never loaded has no line in the snapshot yet."""
    reason = f"Die Erklärung der Quelle ist fehlerhaft: {error.what} ({error.where})."
    con.execute(
        "UPDATE meta.source SET state = 'fehlgeschlagen', reason_code = $2, reason = $3, last_run_id = $4,"
        " last_try_at = $5 WHERE source = $1",
        [source, error.code, reason, run_id, _utc(now)],
    )
    return SourceLine(source, "fehlgeschlagen", reason_code=error.code, reason=reason)


def drop_retired(con: Connection, declared: Collection[str], subjects: Mapping[str, Subject]) -> list[str]:
    """Remove everything of sources that no longer have a file; return their ids."""
    known = [row[0] for row in con.execute("SELECT source FROM meta.source ORDER BY source").fetchall()]
    retired = [source for source in known if source not in declared]
    for source in retired:
        with transaction(con):
            for subject in subjects:
                con.execute(f"DELETE FROM stage.{quote(subject)} WHERE _source = $1", [source])  # noqa: S608
            for table in ("source", "load", "cursor", "rejected"):
                con.execute(f"DELETE FROM meta.{table} WHERE source = $1", [source])  # noqa: S608
    return retired


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)
