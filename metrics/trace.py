"""From a single record back to the delivery it came with: source, run, hash, line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from metrics.lineage import Snapshot
from warehouse.contract import Subject
from warehouse.store import quote

MOST_LINES = 20


@dataclass(frozen=True, slots=True)
class Delivered:
    """Where a record, or a part of it, was delivered. `line` is None where the source has no lines."""

    source: str
    title: str
    owner: str
    nature: str
    stale: bool
    as_of: datetime
    run_id: str
    delivery_hash: str
    line: int | None


def delivered(snapshot: Snapshot, subject: Subject | None, key: Mapping[str, Any]) -> tuple[Delivered, ...]:
    """Return the deliveries of a record that was found before, newest first; at most MOST_LINES.

    subject: what the list's header says was delivered. key: the columns of its key with their values. Whether
    the viewer may see the record is decided where it is read (`metrics.records`), not here.
    """
    shared = {name: value for name, value in key.items() if subject and name in subject.columns}
    if subject is None or not shared:
        return ()
    matches = " AND ".join(f"item.{quote(name)} IS NOT DISTINCT FROM ?" for name in shared)
    sql = _STATEMENT.format(subject=quote(subject.id), matches=matches, most=MOST_LINES)
    rows = snapshot.query(sql, [subject.id, *shared.values()])
    return tuple(_delivered(row) for row in rows)


# The run of the row itself: a load in force may be younger than the one that brought this row.
_STATEMENT = """
SELECT DISTINCT
    item._source, source.title, source.owner, source.nature, source.stale, load.as_of, item._run_id,
    load.delivery_hash, item._line
FROM stage.{subject} AS item
INNER JOIN meta.source AS source ON source.source = item._source
INNER JOIN meta.load AS load
    ON load.source = item._source AND load.run_id = item._run_id AND load.subject = ?
WHERE {matches}
ORDER BY load.as_of DESC, item._source, item._line
LIMIT {most}
"""


def _delivered(row: Sequence[Any]) -> Delivered:
    source, title, owner, nature, stale, as_of, run_id, delivery_hash, line = row
    return Delivered(
        source, title, owner, nature, bool(stale), as_of.replace(tzinfo=UTC), run_id, delivery_hash, line
    )
