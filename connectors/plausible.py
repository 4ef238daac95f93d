"""What is complete and readable and yet has to wait for somebody: odd sizes, another agreement."""

# ruff: noqa: S608 (table and column names come from contracts and pass `quote`; values are bound)

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from connectors.accounting import one
from connectors.agreement import agreement_of, differences
from connectors.base import SourceSpec, TableSpec
from warehouse.audit import Finding, audit_source, compare_sizes
from warehouse.contract import Subject
from warehouse.errors import ContractError
from warehouse.landing import Delivery
from warehouse.store import Connection, literal, quote

Pair = tuple[Delivery, TableSpec, Subject]
HeldCode = Literal["implausible_shrink", "implausible_growth", "new_contract"]


class HeldBackError(ContractError):
    """The delivery is kept and the last good slice stays until somebody releases it."""


def require_usual_size(con: Connection, spec: SourceSpec, pairs: Sequence[Pair]) -> None:
    """HeldBackError for a delivery below half or above three times of what is usual."""
    whole = [delivery for delivery, table, _ in pairs if table.delivers_everything]
    for subject in dict.fromkeys(delivery.subject for delivery in whole):
        rows = sum(delivery.accepted for delivery in whole if delivery.subject == subject)
        _hold(spec, audit_source(con, spec.id, subject, rows))
    for subject in dict.fromkeys(delivery.subject for delivery, table, _ in pairs if table.slice):
        same = [(delivery, table) for delivery, table, _ in pairs if delivery.subject == subject]
        _hold(spec, _audit_slices(con, same))


def require_same_agreement(con: Connection, spec: SourceSpec, pairs: Sequence[Pair]) -> None:
    """HeldBackError when declaration or contract say something else than at the last good load."""
    changed = [
        f"Tabelle {delivery.table_no}: {clause}"
        for delivery, table, subject in pairs
        for clause in _changes(con, spec, delivery, table, subject)
    ]
    if changed:
        # A release covers what goes with the new agreement; whoever decides has to know of it.
        gone = [
            f"Spalte „{name}“ kommt nicht mehr"
            for names in _vanished_columns(con, spec.id, pairs).values()
            for name in names
        ]
        raise HeldBackError(
            "Die Vereinbarung mit der Quelle ist eine andere als bei der letzten Lieferung",
            code="new_contract",
            where=spec.id,
            found="; ".join((*gone, *changed)),
            next_step=release_hint(spec, "ist die neue Vereinbarung gewollt"),
        )


def require_known_columns(con: Connection, source: str, pairs: Sequence[Pair]) -> None:
    """ContractError(missing_column): a renamed column would otherwise empty itself without a word."""
    for subject, names in _vanished_columns(con, source, pairs).items():
        raise ContractError(
            f"Spalte fehlt: {', '.join(f'„{name}“' for name in names)}",
            code="missing_column",
            where=f"{source}, {subject}",
            found=", ".join(sorted(_delivered(pairs, subject))),
            allowed=f"wie bisher auch {', '.join(names)}",
            next_step="Bei der zuständigen Stelle fragen, ob die Spalte umbenannt wurde",
        )


def _vanished_columns(con: Connection, source: str, pairs: Sequence[Pair]) -> dict[str, list[str]]:
    """By subject: columns that have values in force and that no table delivers any more."""
    found: dict[str, list[str]] = {}
    for subject in {subject.id: subject for _, _, subject in pairs}.values():
        absent = [name for name in subject.columns if name not in _delivered(pairs, subject.id)]
        if names := [name for name in absent if _has_values(con, source, subject.id, name)]:
            found[subject.id] = names
    return found


def _delivered(pairs: Sequence[Pair], subject: str) -> set[str]:
    return {name for delivery, _, _ in pairs if delivery.subject == subject for name in delivery.columns}


def release_hint(spec: SourceSpec, condition: str) -> str:
    """What to do about a held delivery."""
    return f"Bei {spec.owner} klären; {condition}: isek source release {spec.id}"


def _hold(spec: SourceSpec, findings: Iterable[Finding]) -> None:
    for finding in findings:
        raise HeldBackError(
            "Die Lieferung ist unglaubwürdig und wurde zurückgehalten",
            code=finding.code,
            where=finding.where,
            found=finding.what,
            next_step=release_hint(spec, "ist die Lieferung richtig"),
        )


def _audit_slices(con: Connection, pairs: Sequence[tuple[Delivery, TableSpec]]) -> list[Finding]:
    """Compare delivered slices with the same slices in force; a slice that is new has no usual size."""
    delivery, table = pairs[0]
    names = ", ".join(quote(name) for name in table.slice)
    came = " UNION ALL ".join(f"SELECT {names} FROM {_rows(d)}" for d, _ in pairs)
    stage, source = f"stage.{quote(delivery.subject)}", delivery.source
    kept = f"SELECT {names} FROM {stage} WHERE _source = $1"
    known = f"({came}) AS came SEMI JOIN ({kept}) AS kept USING ({names})"
    replaced = f"({kept}) AS kept SEMI JOIN ({came}) AS came USING ({names})"
    usual = one(con, f"SELECT count(*) FROM {replaced}", [source])
    rows = one(con, f"SELECT count(*) FROM {known}", [source])
    return compare_sizes(rows, usual, "bisher waren es", f"{source}/{delivery.subject}") if usual else []


def _changes(
    con: Connection, spec: SourceSpec, delivery: Delivery, table: TableSpec, subject: Subject
) -> list[str]:
    row = con.execute(
        "SELECT content FROM meta.load JOIN meta.agreement ON hash = agreement"
        " WHERE source = $1 AND table_no = $2 ORDER BY number DESC LIMIT 1",
        [spec.id, delivery.table_no],
    ).fetchone()
    return differences(row[0], agreement_of(spec.kind, table, subject).content) if row else []


def _has_values(con: Connection, source: str, subject: str, column: str) -> bool:
    sql = f"SELECT count({quote(column)}) FROM stage.{quote(subject)} WHERE _source = $1"
    return one(con, sql, [source]) > 0


def _rows(delivery: Delivery) -> str:
    return f"read_parquet({literal(str(delivery.rows_path))})"
