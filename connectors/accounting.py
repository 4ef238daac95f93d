"""Accounting in the draft: what each source delivered, what was refused, how fresh it is."""

# ruff: noqa: S608 (table and column names come from contracts and pass `quote`; values are bound)

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from connectors.base import SourceSpec
from connectors.land import Failure
from warehouse.landing import Delivery
from warehouse.store import Connection, literal, quote


@dataclass(frozen=True)
class Loaded:
    """How one source came through: state as in `meta.source`, counts of this run, reason of a failure."""

    source: str
    state: str
    read: int = 0
    published: int = 0
    rejected: int = 0
    duplicates: int = 0
    reason_code: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Run:
    """The run a load belongs to; all times are aware, `as_of` is the run's own Datenstand."""

    run_id: str
    as_of: datetime
    started_at: datetime
    finished_at: datetime


def note_age(con: Connection, specs: Iterable[SourceSpec], as_of: datetime) -> None:
    """Mark sources that were not read in this run as stale once their last good slice is too old."""
    for spec in specs:
        limit = _utc(as_of - timedelta(days=spec.fresh_for_days))
        con.execute(
            "UPDATE meta.source SET stale = (as_of IS NULL OR as_of < $2), state = CASE"
            " WHEN state = 'aktuell' AND as_of < $2 THEN 'veraltet'"
            " WHEN state = 'veraltet' AND as_of >= $2 THEN 'aktuell' ELSE state END WHERE source = $1",
            [spec.id, limit],
        )


def note_load(con: Connection, delivery: Delivery, skipped: int, run: Run) -> None:
    """Note one table's good load and its cursor."""
    values = {
        "run_id": delivery.run_id,
        "source": delivery.source,
        "table_no": delivery.table_no,
        "subject": delivery.subject,
        "state": "geladen",
        "as_of": _utc(delivery.as_of),
        "read": delivery.read,
        "published": delivery.accepted - skipped,
        "rejected": delivery.rejected,
        "duplicates": delivery.duplicates + skipped,
        "delivery_hash": delivery.delivery_hash,
        "content_hash": delivery.content_hash,
        "cursor": delivery.cursor,
        "started_at": _utc(run.started_at),
        "finished_at": _utc(run.finished_at),
    }
    _insert_row(con, "meta.load", values)
    # A delivery without rows moves no cursor.
    if delivery.cursor is not None:
        place = [delivery.source, delivery.table_no]
        con.execute("DELETE FROM meta.cursor WHERE source = $1 AND table_no = $2", place)
        con.execute(
            "INSERT INTO meta.cursor VALUES ($1, $2, $3, $4)", [*place, delivery.cursor, delivery.run_id]
        )


def note_rejected(con: Connection, source: str, deliveries: Sequence[Delivery]) -> None:
    """Put the refused rows of a delivery into the quarantine."""
    # The quarantine shows what is wrong now: the refused rows of the source's latest delivery.
    con.execute("DELETE FROM meta.rejected WHERE source = $1", [source])
    for delivery in deliveries:
        con.execute(
            "INSERT INTO meta.rejected BY NAME"
            " SELECT $1 AS run_id, $2 AS source, $3 AS table_no, $4 AS subject, file, line, column_name,"
            f" reason_code, reason, raw FROM read_parquet({literal(str(delivery.rejected_path))})",
            [delivery.run_id, source, delivery.table_no, delivery.subject],
        )


def note_source(
    con: Connection, spec: SourceSpec, deliveries: Sequence[Delivery], skipped: int, run: Run
) -> Loaded:
    """Note the good state of a source; its Datenstand is that of its oldest table."""
    as_of = min((delivery.as_of for delivery in deliveries), default=run.as_of)
    stale = as_of < run.as_of - timedelta(days=spec.fresh_for_days)
    loaded = Loaded(
        spec.id,
        "veraltet" if stale else "aktuell",
        sum(delivery.read for delivery in deliveries),
        sum(delivery.accepted for delivery in deliveries) - skipped,
        sum(delivery.rejected for delivery in deliveries),
        sum(delivery.duplicates for delivery in deliveries) + skipped,
    )
    values = {
        **_declared(spec),
        **_tried(run),
        "state": loaded.state,
        "reason_code": None,
        "reason": None,
        "failures": 0,
        "as_of": _utc(as_of),
        "stale": stale,
        "read": loaded.read,
        "published": loaded.published,
        "rejected": loaded.rejected,
        "duplicates": loaded.duplicates,
    }
    _upsert_source(con, values)
    return loaded


def note_failure(
    con: Connection, spec: SourceSpec, deliveries: Sequence[Delivery], failure: Failure, run: Run
) -> Loaded:
    """Note why a source failed; Datenstand and counts of the last good slice stay."""
    if deliveries:
        note_rejected(con, spec.id, deliveries)
    known = con.execute(
        "SELECT as_of, failures, last_try_at FROM meta.source WHERE source = $1", [spec.id]
    ).fetchone()
    as_of, failures, tried = known or (None, 0, None)
    stale = as_of is None or as_of < _utc(run.as_of - timedelta(days=spec.fresh_for_days))
    values = {
        **_declared(spec),
        **_tried(run),
        "state": "fehlgeschlagen",
        "reason_code": failure.code,
        "reason": failure.reason,
        "failures": _nights(failures, tried, run),
        "stale": stale,
    }
    _upsert_source(
        con, values if known else {**values, "read": 0, "published": 0, "rejected": 0, "duplicates": 0}
    )
    return Loaded(
        spec.id,
        "fehlgeschlagen",
        sum(delivery.read for delivery in deliveries),
        0,
        sum(delivery.rejected for delivery in deliveries),
        sum(delivery.duplicates for delivery in deliveries),
        failure.code,
        failure.reason,
    )


def _nights(failures: int | None, tried: datetime | None, run: Run) -> int:
    """Nights in a row that failed, this one included; several tries of one day are one night."""
    same_day = tried is not None and tried.date() >= _utc(run.finished_at).date()
    return failures if failures and same_day else (failures or 0) + 1


def _declared(spec: SourceSpec) -> dict[str, object]:
    names = ("title", "owner", "kind", "nature", "every", "fresh_for_days")
    return {"source": spec.id} | {name: getattr(spec, name) for name in names}


def _tried(run: Run) -> dict[str, object]:
    return {"last_run_id": run.run_id, "last_try_at": _utc(run.finished_at)}


def _upsert_source(con: Connection, values: Mapping[str, object]) -> None:
    rest = [name for name in values if name != "source"]
    if one(con, "SELECT count(*) FROM meta.source WHERE source = $1", [values["source"]]):
        changes = ", ".join(f"{quote(name)} = ${number}" for number, name in enumerate(rest, start=2))
        con.execute(
            f"UPDATE meta.source SET {changes} WHERE source = $1",
            [values["source"], *(values[n] for n in rest)],
        )
        return
    _insert_row(con, "meta.source", values)


def _insert_row(con: Connection, table: str, values: Mapping[str, object]) -> None:
    marks = ", ".join(f"${number}" for number in range(1, len(values) + 1))
    con.execute(
        f"INSERT INTO {table} ({', '.join(map(quote, values))}) VALUES ({marks})", list(values.values())
    )


def one(con: Connection, sql: str, values: Sequence[object]) -> int:
    """First value of the first row, 0 without rows."""
    row = con.execute(sql, values).fetchone()
    return int(row[0]) if row else 0


def _utc(moment: datetime) -> datetime:
    # Snapshots keep moments as UTC without zone.
    return moment.astimezone(UTC).replace(tzinfo=None)
