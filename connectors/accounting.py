"""Accounting in the draft: what each source delivered, what was refused, how fresh it is."""

# ruff: noqa: S608 (table and column names come from contracts and pass `quote`; values are bound)

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from connectors.agreement import Agreement
from connectors.base import Finding, SourceSpec
from connectors.land import Failure
from warehouse.landing import Delivery
from warehouse.store import Connection, quote

Taking = Literal["geladen", "freigegeben", "nachgeladen"]
HELD = "zurückgehalten"


@dataclass(frozen=True)
class Loaded:
    """How one source came through: state as in `meta.source`, counts of this run, reason of a failure.

    `remarks` are those about the delivery that nobody was told before.
    """

    source: str
    state: str
    read: int = 0
    published: int = 0
    rejected: int = 0
    duplicates: int = 0
    reason_code: str | None = None
    reason: str | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Run:
    """The run that takes a delivery over; all times are aware, `as_of` is the run's own Datenstand.

    `taking` says why: as every night, released by somebody, or as a piece of a backfill.
    """

    run_id: str
    as_of: datetime
    started_at: datetime
    finished_at: datetime
    taking: Taking = "geladen"


def note_age(con: Connection, specs: Iterable[SourceSpec], as_of: datetime) -> None:
    """Mark sources that were not read in this run as stale once their last good slice is too old."""
    for spec in specs:
        limit = utc(as_of - timedelta(days=spec.fresh_for_days))
        con.execute(
            "UPDATE meta.source SET stale = (as_of IS NULL OR as_of < $2), state = CASE"
            " WHEN state = 'aktuell' AND as_of < $2 THEN 'veraltet'"
            " WHEN state = 'veraltet' AND as_of >= $2 THEN 'aktuell' ELSE state END WHERE source = $1",
            [spec.id, limit],
        )


def note_load(con: Connection, delivery: Delivery, skipped: int, agreement: Agreement, run: Run) -> None:
    """Note one table's good load and its cursor."""
    values = {
        "run_id": delivery.run_id,
        "source": delivery.source,
        "table_no": delivery.table_no,
        "subject": delivery.subject,
        "number": one(con, "SELECT coalesce(max(number), 0) + 1 FROM meta.load", []),
        "taken_by": run.run_id,
        "state": run.taking,
        "as_of": utc(delivery.as_of),
        "read": delivery.read,
        "published": delivery.accepted - skipped,
        "rejected": delivery.rejected,
        "duplicates": delivery.duplicates + skipped,
        "delivery_hash": delivery.delivery_hash,
        "content_hash": delivery.content_hash,
        "cursor": delivery.cursor,
        "cursor_before": delivery.cursor_before,
        "window_from": delivery.window_from,
        "window_to": delivery.window_to,
        "agreement": agreement.hash,
        "deletes": delivery.has_deletions,
        "started_at": utc(run.started_at),
        "finished_at": utc(run.finished_at),
    }
    insert_row(con, "meta.load", values)
    _note_agreement(con, agreement)
    # A delivery without rows moves no cursor; nor does one that fills in the past.
    if delivery.cursor is not None and run.taking != "nachgeladen":
        place = [delivery.source, delivery.table_no]
        con.execute("DELETE FROM meta.cursor WHERE source = $1 AND table_no = $2", place)
        con.execute(
            "INSERT INTO meta.cursor VALUES ($1, $2, $3, $4)", [*place, delivery.cursor, delivery.run_id]
        )


def _note_agreement(con: Connection, agreement: Agreement) -> None:
    con.execute(
        "INSERT INTO meta.agreement SELECT $1, $2"
        " WHERE NOT EXISTS (SELECT 1 FROM meta.agreement WHERE hash = $1)",
        [agreement.hash, agreement.content],
    )


def note_source(
    con: Connection,
    spec: SourceSpec,
    deliveries: Sequence[Delivery],
    skipped: int,
    run: Run,
    *,
    unchanged: Sequence[int] = (),
    remarks: tuple[str, ...] = (),
) -> Loaded:
    """Note the good state of a source; its Datenstand is that of its oldest table.

    `unchanged` numbers tables that had nothing new; when that goes for all, the counts stay, too.
    """
    came = {delivery.table_no for delivery in deliveries}
    others = [number for number, _ in enumerate(spec.tables, start=1) if number not in came]
    as_of = min(
        (*(delivery.as_of for delivery in deliveries), *_last_as_of(con, spec.id, others)),
        default=run.as_of,
    )
    stale = as_of < run.as_of - timedelta(days=spec.fresh_for_days)
    loaded = Loaded(
        spec.id,
        "veraltet" if stale else "aktuell",
        sum(delivery.read for delivery in deliveries),
        sum(delivery.accepted for delivery in deliveries) - skipped,
        sum(delivery.rejected for delivery in deliveries),
        sum(delivery.duplicates for delivery in deliveries) + skipped,
        remarks=remarks,
    )
    values = {
        **_declared(spec),
        **_tried(run),
        "state": loaded.state,
        "reason_code": None,
        "reason": None,
        "failures": 0,
        "as_of": utc(as_of),
        "stale": stale,
    }
    if deliveries or not unchanged:
        counts = ("read", "published", "rejected", "duplicates")
        values |= {name: getattr(loaded, name) for name in counts}
    _upsert_source(con, values)
    return loaded


def note_backfill(
    con: Connection, spec: SourceSpec, deliveries: Sequence[Delivery], skipped: int, run: Run
) -> Loaded:
    """Counts of a backfill; only a source that was never loaded gets its state from it."""
    known = con.execute(
        "SELECT state FROM meta.source WHERE source = $1 AND as_of IS NOT NULL", [spec.id]
    ).fetchone()
    if not known:
        return note_source(con, spec, deliveries, skipped, run)
    sums = {n: sum(getattr(d, n) for d in deliveries) for n in ("read", "accepted", "rejected", "duplicates")}
    return Loaded(
        spec.id,
        known[0],
        sums["read"],
        sums["accepted"] - skipped,
        sums["rejected"],
        sums["duplicates"] + skipped,
    )


def _last_as_of(con: Connection, source: str, tables: Sequence[int]) -> list[datetime]:
    rows = con.execute(
        "SELECT table_no, arg_max(as_of, number) FROM meta.load WHERE source = $1 GROUP BY table_no", [source]
    ).fetchall()
    return [moment.replace(tzinfo=UTC) for table, moment in rows if table in tables]


def note_failure(
    con: Connection, spec: SourceSpec, deliveries: Sequence[Delivery], failure: Failure, run: Run
) -> Loaded:
    """Note why a source failed; Datenstand and counts of the last good slice stay."""
    failures, tried = _tries(con, spec.id)
    return note_unchanged(
        con, spec, deliveries, "fehlgeschlagen", failure, run, failures=_nights(failures, tried, run)
    )


def note_unchanged(
    con: Connection,
    spec: SourceSpec,
    deliveries: Sequence[Delivery],
    state: str,
    failure: Failure,
    run: Run,
    *,
    failures: int = 0,
) -> Loaded:
    """Note a delivery that did not count; the last good slice stays with its Datenstand and counts."""
    known = con.execute("SELECT as_of FROM meta.source WHERE source = $1", [spec.id]).fetchone()
    as_of = known[0] if known else None
    values = {
        **_declared(spec),
        **_tried(run),
        "state": state,
        "reason_code": failure.code,
        "reason": failure.reason,
        "failures": failures,
        "stale": as_of is None or as_of < utc(run.as_of - timedelta(days=spec.fresh_for_days)),
    }
    nothing = {"read": 0, "published": 0, "rejected": 0, "duplicates": 0}
    _upsert_source(con, values if known else {**values, **nothing})
    read, rejected, twice = (
        sum(getattr(delivery, name) for delivery in deliveries) for name in ("read", "rejected", "duplicates")
    )
    return Loaded(spec.id, state, read, 0, rejected, twice, failure.code, failure.reason)


def note_findings(con: Connection, source: str, findings: Sequence[Finding], run: Run) -> tuple[str, ...]:
    """Keep the remarks about a delivery; return those that are new, as sentences."""
    known = set(con.execute("SELECT code, what FROM meta.finding WHERE source = $1", [source]).fetchall())
    said = {(finding.code, finding.what): finding for finding in findings}
    for code, what in known - said.keys():
        con.execute(
            "DELETE FROM meta.finding WHERE source = $1 AND code = $2 AND what = $3", [source, code, what]
        )
    new = [said[key] for key in said if key not in known]
    for f in new:
        con.execute(
            "INSERT INTO meta.finding VALUES ($1, $2, $3, $4, $5)",
            [source, f.code, f.what, f.where, utc(run.finished_at)],
        )
    return tuple(f"{f.where}: {f.what}" for f in new)


def _tries(con: Connection, source: str) -> tuple[int | None, datetime | None]:
    row = con.execute("SELECT failures, last_try_at FROM meta.source WHERE source = $1", [source]).fetchone()
    return row or (0, None)


def _nights(failures: int | None, tried: datetime | None, run: Run) -> int:
    """Nights in a row that failed, this one included; several tries of one day are one night."""
    same_day = tried is not None and tried.date() >= utc(run.finished_at).date()
    return failures if failures and same_day else (failures or 0) + 1


def _declared(spec: SourceSpec) -> dict[str, object]:
    names = ("title", "owner", "kind", "nature", "every", "fresh_for_days")
    return {"source": spec.id} | {name: getattr(spec, name) for name in names}


def _tried(run: Run) -> dict[str, object]:
    return {"last_run_id": run.run_id, "last_try_at": utc(run.finished_at)}


def _upsert_source(con: Connection, values: Mapping[str, object]) -> None:
    rest = [name for name in values if name != "source"]
    if one(con, "SELECT count(*) FROM meta.source WHERE source = $1", [values["source"]]):
        changes = ", ".join(f"{quote(name)} = ${number}" for number, name in enumerate(rest, start=2))
        con.execute(
            f"UPDATE meta.source SET {changes} WHERE source = $1",
            [values["source"], *(values[n] for n in rest)],
        )
        return
    insert_row(con, "meta.source", values)


def insert_row(con: Connection, table: str, values: Mapping[str, object]) -> None:
    """Insert one row by the names of its columns."""
    marks = ", ".join(f"${number}" for number in range(1, len(values) + 1))
    con.execute(
        f"INSERT INTO {table} ({', '.join(map(quote, values))}) VALUES ({marks})", list(values.values())
    )


def one(con: Connection, sql: str, values: Sequence[object]) -> int:
    """First value of the first row, 0 without rows or a value."""
    row = con.execute(sql, values).fetchone()
    return int(row[0] or 0) if row else 0


def utc(moment: datetime) -> datetime:
    """The form in which snapshots keep moments: UTC without zone."""
    return moment.astimezone(UTC).replace(tzinfo=None)
