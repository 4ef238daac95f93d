"""From the landing zone into the draft: one transaction per source for rows, cursor and accounting."""

# ruff: noqa: S608 (table and column names come from contracts and pass `quote`; values are bound)

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from connectors.accounting import (
    Loaded,
    Run,
    note_age,
    note_backfill,
    note_failure,
    note_findings,
    note_load,
    note_source,
    one,
)
from connectors.agreement import Agreement, agreement_of, differences
from connectors.base import SourceSpec, TableSpec
from connectors.changes import ChangeLog
from connectors.held import note_held, settle_held
from connectors.land import Failure, Landed
from connectors.plausible import (
    HeldBackError,
    require_known_columns,
    require_same_agreement,
    require_usual_size,
)
from connectors.quarantine import Pair, note_rejected
from connectors.reasons import german_reason
from connectors.rows import insert_rows, remove_replaced
from warehouse.contract import Subject
from warehouse.errors import ContractError, IsekError
from warehouse.landing import Delivery
from warehouse.store import Connection, DatabaseError, quote, tables_of, transaction

NOT_TAKEN_OVER = "Die Lieferung ließ sich nicht in den Datenbestand übernehmen."

__all__ = ["Loaded", "Run", "cursors", "load", "load_backfill", "note_age"]


def cursors(con: Connection, source: str) -> dict[int, str]:
    """Last cursor value of each table of a source, from the draft."""
    rows = con.execute(
        "SELECT table_no, cursor_value FROM meta.cursor WHERE source = $1", [source]
    ).fetchall()
    return {number: value for number, value in rows if value is not None}


def usable_cursors(con: Connection, spec: SourceSpec, subjects: Mapping[str, Subject]) -> dict[int, str]:
    """The same without cursors of loads that meant something else: those tables begin anew.

    Rows of another unit or query beside the older ones would be a mixture, and where another table stood is
    nothing this one can go on from.
    """
    rows = con.execute(
        "SELECT cursor.table_no, load.subject, content FROM meta.cursor AS cursor"
        " LEFT JOIN meta.load AS load USING (source, table_no, run_id)"
        " LEFT JOIN meta.agreement ON hash = load.agreement WHERE cursor.source = $1",
        [spec.id],
    ).fetchall()
    good = {no for no, subject, agreed in rows if _means_the_same(spec, no, subject, agreed, subjects)}
    return {number: value for number, value in cursors(con, spec.id).items() if number in good}


def _means_the_same(
    spec: SourceSpec, number: int, fed: str | None, agreed: str | None, subjects: Mapping[str, Subject]
) -> bool:
    if number > len(spec.tables) or fed not in (None, spec.tables[number - 1].feeds):
        return False
    if agreed is None:
        return True
    table = spec.tables[number - 1]
    # A cursor that is no time is the kind's own: it knows what it stands for.
    is_time = json.loads(agreed)["table"].get("cursor") or table.cursor
    clauses = differences(agreed, agreement_of(spec.kind, table, subjects[table.feeds]).content)
    return not clauses if is_time else json.loads(agreed)["kind"] == spec.kind


def load(
    con: Connection, spec: SourceSpec, landed: Landed, *, subjects: Mapping[str, Subject], run: Run
) -> Loaded:
    """Take a source over into the draft, all or nothing.

    A failure, also one found while loading, leaves rows and cursor as they were and is noted with
    its reason in a transaction of its own; so is a delivery that has to wait for its release. Neither
    reaches the other sources.
    """
    failure = landed.failure
    pairs = [_pair(spec, delivery, subjects) for delivery in landed.deliveries]
    if failure is None:
        try:
            with transaction(con):
                return _take_over(con, spec, landed, pairs, run)
        except HeldBackError as held:
            told = Failure(held.code, german_reason(held), str(held))
            with transaction(con):
                return note_held(con, spec, landed.deliveries, _agreements(spec, pairs), told, run)
        except IsekError as error:
            failure = Failure(error.code, german_reason(error), str(error))
        except DatabaseError as error:
            # Its words may repeat a value of a row; only the kind of error is told.
            failure = Failure("not_taken_over", f"{NOT_TAKEN_OVER} ({type(error).__name__})", str(error))
    with transaction(con):
        if pairs:
            note_rejected(con, spec.id, pairs, taken_over=False)
        return note_failure(con, spec, landed.deliveries, failure, run)


def load_backfill(
    con: Connection, spec: SourceSpec, pieces: Sequence[Landed], *, subjects: Mapping[str, Subject], run: Run
) -> Loaded:
    """Take all pieces of a backfill over in their order, all or nothing; cursors stay where they are.

    The state of a source that was loaded before stays, too: the past says nothing about its freshness.
    Raises ContractError; what went wrong is for who asked, not for the source.
    """
    parts = [[_pair(spec, delivery, subjects) for delivery in landed.deliveries] for landed in pieces]
    pairs = [pair for part in parts for pair in part]
    deliveries = [delivery for delivery, _, _ in pairs]
    with transaction(con):
        require_same_agreement(con, spec, pairs)
        require_known_columns(con, spec.id, pairs)
        skipped = merge(con, spec.id, parts, run)
        for (delivery, _, _), agreement in zip(pairs, _agreements(spec, pairs), strict=True):
            note_load(con, delivery, skipped[delivery.run_id, delivery.table_no], agreement, run)
        note_rejected(con, spec.id, pairs, taken_over=True)
        return note_backfill(con, spec, deliveries, sum(skipped.values()), run)


def _pair(spec: SourceSpec, delivery: Delivery, subjects: Mapping[str, Subject]) -> Pair:
    return delivery, spec.tables[delivery.table_no - 1], subjects[delivery.subject]


def _agreements(spec: SourceSpec, pairs: Sequence[Pair]) -> list[Agreement]:
    return [agreement_of(spec.kind, table, subject) for _, table, subject in pairs]


def _take_over(con: Connection, spec: SourceSpec, landed: Landed, pairs: Sequence[Pair], run: Run) -> Loaded:
    if run.taking != "freigegeben":
        require_same_agreement(con, spec, pairs)
        require_known_columns(con, spec.id, pairs)
        require_usual_size(con, spec, pairs)
    skipped = merge(con, spec.id, [pairs], run)
    for (delivery, _, _), agreement in zip(pairs, _agreements(spec, pairs), strict=True):
        note_load(con, delivery, skipped[delivery.run_id, delivery.table_no], agreement, run)
    note_rejected(con, spec.id, pairs, taken_over=True)
    remarks: tuple[str, ...] = ()
    if run.taking == "geladen":
        remarks = note_findings(con, spec.id, landed.findings, run)
    remarks += _drop_undeclared(con, spec)
    settle_held(con, spec.id)
    return note_source(
        con, spec, landed.deliveries, sum(skipped.values()), run,
        unchanged=landed.unchanged, remarks=remarks,
    )  # fmt: skip


def _drop_undeclared(con: Connection, spec: SourceSpec) -> tuple[str, ...]:
    """Remove what came by tables the source no longer has; what it says goes on, without them."""
    sql = "SELECT DISTINCT subject FROM meta.load WHERE source = $1 ORDER BY subject"
    fed = {table.feeds for table in spec.tables}
    dropped = [name for (name,) in con.execute(sql, [spec.id]).fetchall() if name not in fed]
    for subject in dropped:
        if subject in tables_of(con, "stage"):
            con.execute(f"DELETE FROM stage.{quote(subject)} WHERE _source = $1", [spec.id])
        for table in ("load", "rejected"):
            con.execute(f"DELETE FROM meta.{table} WHERE source = $1 AND subject = $2", [spec.id, subject])
    con.execute("DELETE FROM meta.cursor WHERE source = $1 AND table_no > $2", [spec.id, len(spec.tables)])
    return tuple(f"„{name}“ wird nicht mehr geliefert, die Zeilen sind entfernt." for name in dropped)


def merge(
    con: Connection, source: str, pieces: Sequence[Sequence[Pair]], run: Run | None
) -> dict[tuple[str, int], int]:
    """Put delivered rows in the place of those they replace, piece by piece; with a run changes are logged.

    Returns how many rows of each (run, table) an append already had. Raises ContractError(duplicate_key).
    """
    pairs = [pair for piece in pieces for pair in piece]
    firsts = {subject.id: (subject, table) for _, table, subject in reversed(pairs)}
    ids = list(dict.fromkeys(delivery.run_id for delivery, _, _ in pairs))
    logs = {name: ChangeLog(con, source, *first, ids) for name, first in firsts.items()} if run else {}
    skipped: dict[tuple[str, int], int] = {}
    for piece in pieces:
        # Everything is removed before anything is added: two tables may feed one subject.
        for delivery, table, subject in piece:
            remove_replaced(con, delivery, table, subject, logs.get(subject.id))
        for delivery, table, subject in piece:
            skipped[delivery.run_id, delivery.table_no] = insert_rows(con, delivery, table, subject)
    for subject, _ in firsts.values():
        tables = {delivery.table_no: table for delivery, table, s in pairs if s.id == subject.id}
        # What is repeated passed at its time; today's key need not be the one it had then.
        if run and not _are_unique(list(tables.values()), subject):
            _require_unique_keys(con, source, subject, ids)
    for log in logs.values() if run else ():
        log.close(run)  # type: ignore[arg-type]
    return skipped


def _are_unique(tables: Sequence[TableSpec], subject: Subject) -> bool:
    """Whether keys cannot repeat: what lands has each once, and what had it before has gone (or stays)."""
    if len(tables) > 1 or tables[0].slice:
        return False
    return set(tables[0].key or subject.key) == set(subject.key)


def _require_unique_keys(con: Connection, source: str, subject: Subject, run_ids: Sequence[str]) -> None:
    """Keys of what was just added; older rows among themselves were looked at when they came."""
    names = ", ".join(quote(name) for name in subject.key)
    same = " AND ".join(f"kept.{quote(name)} IS NOT DISTINCT FROM came.{quote(name)}" for name in subject.key)
    runs = ", ".join(f"${number}" for number in range(2, len(run_ids) + 2))
    stage = f"stage.{quote(subject.id)}"
    groups = (
        f"SELECT 1 FROM {stage} AS kept SEMI JOIN (SELECT DISTINCT {names} FROM {stage}"
        f" WHERE _source = $1 AND _run_id IN ({runs})) AS came ON {same}"
        f" WHERE kept._source = $1 GROUP BY {names} HAVING count(*) > 1"
    )
    if repeated := one(con, f"SELECT count(*) FROM ({groups})", [source, *run_ids]):
        raise ContractError(
            f"Schlüssel kommen in {subject.id} mehrfach vor",
            code="duplicate_key",
            where=source,
            found=f"{repeated} Schlüssel",
            allowed=f"eine Zeile je {', '.join(subject.key)}",
        )
