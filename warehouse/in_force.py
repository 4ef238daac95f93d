"""Which loads a rebuild from the landing zone needs; all others may be forgotten."""

# ruff: noqa: S608 - names come from the catalogue through `quote`

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from warehouse.store import Connection, quote, tables_of

Place = tuple[str, str]
"""Source and run in which a delivery landed."""


@dataclass(frozen=True, slots=True)
class KeptLoad:
    """One load of one table that a rebuild repeats; `agreement` is the JSON text, None of old loads."""

    source: str
    run_id: str
    table_no: int
    subject: str
    number: int
    agreement: str | None


_LOADS = """
SELECT source, run_id, table_no, subject, number, content, coalesce(deletes, true)
FROM meta.load LEFT JOIN meta.agreement ON hash = agreement
ORDER BY number
"""


def loads_in_force(connection: Connection) -> list[KeptLoad]:
    """Loads that left rows in the stage, the last one of each table, and deletions that still matter.

    They are in the order in which they were taken over: repeated in it, they give the stage as it is.
    """
    loads = [(KeptLoad(*row[:6]), bool(row[6])) for row in connection.execute(_LOADS).fetchall()]
    with_rows = set(_with_rows(connection))
    last = {(load.source, load.table_no): load.number for load, _ in loads}
    oldest: dict[tuple[str, str], int] = {}
    found = []
    for load, deletes in loads:
        place = (load.source, load.subject)
        has_rows = (load.source, load.run_id, load.subject) in with_rows
        # Without it, a row that an older load brings would rise again.
        buries = deletes and oldest.get(place, load.number) < load.number
        if has_rows or buries or last[load.source, load.table_no] == load.number:
            oldest.setdefault(place, load.number)
            found.append(load)
    return found


def places(loads: Iterable[KeptLoad]) -> frozenset[Place]:
    """Where in the landing zone they lie."""
    return frozenset((load.source, load.run_id) for load in loads)


def _with_rows(connection: Connection) -> Iterator[tuple[str, str, str]]:
    for table in tables_of(connection, "stage"):
        rows = connection.execute(f"SELECT DISTINCT _source, _run_id FROM stage.{quote(table)}").fetchall()
        yield from ((source, run_id, table) for source, run_id in rows)
