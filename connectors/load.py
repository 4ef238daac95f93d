"""From the landing zone into the draft: one transaction per source for rows, cursor and accounting."""

# ruff: noqa: S608 (table and column names come from contracts and pass `quote`; values are bound)

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from connectors.accounting import (
    Loaded,
    Run,
    note_age,
    note_failure,
    note_load,
    note_rejected,
    note_source,
    one,
)
from connectors.base import SourceSpec, TableSpec
from connectors.land import Failure, Landed
from connectors.reasons import german_reason
from warehouse.audit import Finding, audit_source
from warehouse.contract import Subject
from warehouse.errors import ContractError, IsekError
from warehouse.landing import DELETED, Delivery
from warehouse.store import Connection, DatabaseError, literal, quote, transaction

NOT_TAKEN_OVER = "Die Lieferung ließ sich nicht in den Datenbestand übernehmen."

__all__ = ["Loaded", "Run", "cursors", "load", "note_age"]


def cursors(con: Connection, source: str) -> dict[int, str]:
    """Last cursor value of each table of a source, from the draft."""
    rows = con.execute(
        "SELECT table_no, cursor_value FROM meta.cursor WHERE source = $1", [source]
    ).fetchall()
    return {number: value for number, value in rows if value is not None}


def load(
    con: Connection, spec: SourceSpec, landed: Landed, *, subjects: Mapping[str, Subject], run: Run
) -> Loaded:
    """Take a source over into the draft, all or nothing.

    A failure, also one found while loading, leaves rows and cursor as they were and is noted with
    its reason in a transaction of its own; it never reaches the other sources.
    """
    failure = landed.failure
    if failure is None:
        try:
            with transaction(con):
                return _take_over(con, spec, landed.deliveries, subjects, run)
        except IsekError as error:
            failure = Failure(error.code, german_reason(error), str(error))
        except DatabaseError as error:
            # Its words may repeat a value of a row; only the kind of error is told.
            failure = Failure("not_taken_over", f"{NOT_TAKEN_OVER} ({type(error).__name__})", str(error))
    with transaction(con):
        return note_failure(con, spec, landed.deliveries, failure, run)


def _take_over(
    con: Connection,
    spec: SourceSpec,
    deliveries: Sequence[Delivery],
    subjects: Mapping[str, Subject],
    run: Run,
) -> Loaded:
    tables = [spec.tables[delivery.table_no - 1] for delivery in deliveries]
    pairs = list(zip(deliveries, tables, strict=True))
    _require_known_columns(con, spec.id, deliveries, subjects)
    _require_plausible_size(con, pairs)
    # Everything is removed before anything is added: two tables may feed one subject.
    for delivery, table in pairs:
        _remove_replaced(con, delivery, table, subjects[delivery.subject])
    skipped = {d.table_no: _insert(con, d, table, subjects[d.subject]) for d, table in pairs}
    for subject in {delivery.subject for delivery in deliveries}:
        _require_unique_keys(con, spec.id, subjects[subject])
    for delivery in deliveries:
        note_load(con, delivery, skipped[delivery.table_no], run)
    note_rejected(con, spec.id, deliveries)
    return note_source(con, spec, deliveries, sum(skipped.values()), run)


def _require_known_columns(
    con: Connection, source: str, deliveries: Sequence[Delivery], subjects: Mapping[str, Subject]
) -> None:
    # A renamed optional column would otherwise empty itself without a word.
    for subject_id in {delivery.subject for delivery in deliveries}:
        delivered = {name for d in deliveries if d.subject == subject_id for name in d.columns}
        for name in subjects[subject_id].columns:
            if name not in delivered and _has_values(con, source, subject_id, name):
                raise ContractError(
                    f"Spalte fehlt: „{name}“ wurde bisher geliefert",
                    code="missing_column",
                    where=source,
                    next_step="Bei der zuständigen Stelle fragen, ob die Spalte umbenannt wurde",
                )


def _require_plausible_size(con: Connection, pairs: Sequence[tuple[Delivery, TableSpec]]) -> None:
    whole = [delivery for delivery, table in pairs if table.write == "replace" and not table.slice]
    for subject in dict.fromkeys(delivery.subject for delivery in whole):
        rows = sum(delivery.accepted for delivery in whole if delivery.subject == subject)
        for finding in filter(_is_error, audit_source(con, whole[0].source, subject, rows)):
            raise ContractError(
                "Die Lieferung ist unglaubwürdig und wurde zurückgehalten",
                code=finding.code,
                where=finding.where,
                found=finding.what,
                next_step="Bei der zuständigen Stelle klären, ob die Lieferung vollständig ist",
            )


def _is_error(finding: Finding) -> bool:
    return finding.level == "error"


def _has_values(con: Connection, source: str, subject: str, column: str) -> bool:
    sql = f"SELECT count({quote(column)}) FROM {_stage(subject)} WHERE _source = $1"
    return one(con, sql, [source]) > 0


def _remove_replaced(con: Connection, delivery: Delivery, table: TableSpec, subject: Subject) -> None:
    if table.write == "append":
        return
    stage, source = _stage(delivery.subject), delivery.source
    matched = table.slice if table.write == "replace" else (table.key or subject.key)
    if not matched:
        con.execute(f"DELETE FROM {stage} WHERE _source = $1", [source])
        return
    names = ", ".join(quote(name) for name in matched)
    con.execute(
        f"DELETE FROM {stage} AS kept USING (SELECT DISTINCT {names} FROM {_rows(delivery)}) AS came"
        f" WHERE kept._source = $1 AND {_same(matched, 'kept', 'came')}",
        [source],
    )


def _insert(con: Connection, delivery: Delivery, table: TableSpec, subject: Subject) -> int:
    """Add the delivered rows; returns how many an append already had."""
    names = ", ".join(quote(name) for name in delivery.columns)
    chosen = f"SELECT {names}, _line FROM {_rows(delivery)} AS came WHERE true"
    if delivery.has_deletions:
        chosen += f" AND NOT coalesce({DELETED}, false)"
    if table.write == "append":
        same = _same(table.key or subject.key, "kept", "came")
        known = f"SELECT 1 FROM {_stage(delivery.subject)} AS kept WHERE kept._source = $1 AND {same}"
        chosen += f" AND NOT EXISTS ({known})"
    inserted = one(
        con,
        f"INSERT INTO {_stage(delivery.subject)} ({names}, _line, _source, _run_id)"
        f" SELECT *, $1, $2 FROM ({chosen})",
        [delivery.source, delivery.run_id],
    )
    return delivery.accepted - inserted if table.write == "append" else 0


def _require_unique_keys(con: Connection, source: str, subject: Subject) -> None:
    names = ", ".join(quote(name) for name in subject.key)
    groups = f"SELECT 1 FROM {_stage(subject.id)} WHERE _source = $1 GROUP BY {names} HAVING count(*) > 1"
    if repeated := one(con, f"SELECT count(*) FROM ({groups})", [source]):
        raise ContractError(
            f"Schlüssel kommen in {subject.id} mehrfach vor",
            code="duplicate_key",
            where=source,
            found=f"{repeated} Schlüssel",
            allowed=f"eine Zeile je {', '.join(subject.key)}",
        )


def _same(names: Iterable[str], left: str, right: str) -> str:
    return " AND ".join(f"{left}.{quote(name)} IS NOT DISTINCT FROM {right}.{quote(name)}" for name in names)


def _stage(subject: str) -> str:
    return f"stage.{quote(subject)}"


def _rows(delivery: Delivery) -> str:
    return f"read_parquet({literal(str(delivery.rows_path))})"
