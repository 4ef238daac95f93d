"""Repeats loads from the landing zone in their order: the stage comes out as it was, without any source."""

# ruff: noqa: S608 (table names come from the catalogue and pass `quote`)

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from connectors.base import TableSpec
from connectors.load import merge
from connectors.quarantine import Pair
from warehouse.contract import Subject
from warehouse.errors import ContractError
from warehouse.in_force import KeptLoad
from warehouse.landing import Delivery
from warehouse.store import Connection, columns_of, quote, tables_of, transaction

NOT_REPEATED = (
    "Beim Wiederaufbau fehlten Lieferungen dieser Quelle in der Ablage, ihre Zeilen sind unvollständig. "
    "Der nächste Lauf liest sie von Anfang an."
)


@dataclass(frozen=True)
class Missing:
    """A load that cannot be repeated, and why."""

    load: KeptLoad
    why: str


def replay(
    con: Connection, loads: Sequence[KeptLoad], landing: Path, subjects: Mapping[str, Subject]
) -> list[Missing]:
    """Empty the stage and take the loads over again; returns what is not there any more.

    A load that is missing leaves its rows out and costs nothing else.
    """
    missing: list[Missing] = []
    with transaction(con):
        for table in tables_of(con, "stage"):
            con.execute(f"DELETE FROM stage.{quote(table)}")
    for (source, _), group in groupby(loads, key=lambda load: (load.source, load.run_id)):
        pairs = list(_found(con, list(group), landing, subjects, missing))
        if pairs:
            with transaction(con):
                merge(con, source, [pairs], None)
    return missing


def read_anew(con: Connection, missing: Sequence[Missing]) -> None:
    """Let the next run read from the beginning what could not be repeated, and say so until then."""
    places = {(m.load.source, m.load.table_no) for m in missing}
    with transaction(con):
        for source, table_no in sorted(places):
            con.execute("DELETE FROM meta.cursor WHERE source = $1 AND table_no = $2", [source, table_no])
            con.execute(
                "UPDATE meta.source SET state = 'fehlgeschlagen', stale = true, reason_code = $2, reason = $3"
                " WHERE source = $1",
                [source, "rebuild_incomplete", NOT_REPEATED],
            )


def _found(
    con: Connection,
    loads: Sequence[KeptLoad],
    landing: Path,
    subjects: Mapping[str, Subject],
    missing: list[Missing],
) -> Iterator[Pair]:
    for load in loads:
        if load.agreement is None or load.subject not in subjects:
            missing.append(
                Missing(load, "Sie stammt aus einer früheren Version oder ihr Gegenstand ist entfallen.")
            )
            continue
        try:
            delivery = Delivery.load(landing / load.source / load.run_id / str(load.table_no))
        except ContractError as error:
            missing.append(Missing(load, f"{error.what}."))
            continue
        known = columns_of(con, "stage", load.subject)
        columns = tuple(name for name in delivery.columns if name in known)
        yield replace(delivery, columns=columns), _table(load), subjects[load.subject]


def _table(load: KeptLoad) -> TableSpec:
    """How the load took its rows over at its time, whatever declaration and contract say today."""
    agreed = json.loads(load.agreement or "{}")
    table = agreed["table"]
    key = tuple(table["key"] or agreed["key"])
    return TableSpec(feeds=load.subject, write=table["write"], slice=tuple(table["slice"]), key=key)
