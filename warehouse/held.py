"""Deliveries that landed and wait for somebody to release them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from warehouse.sources import Queryable, knows_table

COLUMNS = (
    "source, run_id, reason_code, reason, delivery_hash, agreement, as_of, since, read, accepted, rejected,"
    " duplicates"
)
HELD_SQL = f"SELECT {COLUMNS} FROM meta.held ORDER BY source"  # noqa: S608 (a constant)


@dataclass(frozen=True, slots=True)
class Held:
    """One held delivery; `run_id` is the run in which it landed, `delivery_hash` covers all its tables.

    `since` is the first night in which something of this source was held, `agreement` what it was read under.
    """

    source: str
    run_id: str
    reason_code: str
    reason: str
    delivery_hash: str
    agreement: str
    as_of: datetime
    since: datetime
    read: int
    accepted: int
    rejected: int
    duplicates: int


def held_from(rows: Iterable[tuple[Any, ...]]) -> dict[str, Held]:
    """Held deliveries by source, from the rows of `HELD_SQL`."""
    found: dict[str, Held] = {}
    for row in rows:
        values = list(row)
        values[6], values[7] = (moment.replace(tzinfo=UTC) for moment in (row[6], row[7]))
        found[row[0]] = Held(*values)
    return found


def held_deliveries(snapshot: Queryable) -> dict[str, Held]:
    """Held deliveries of a snapshot by source; a snapshot of an earlier version knows none."""
    return held_from(snapshot.query(HELD_SQL)) if knows_table(snapshot, "held") else {}
