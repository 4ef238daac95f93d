"""The change log of a snapshot: months that were over and are told differently now."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

from warehouse.sources import Queryable, knows_table

_CHANGES = """
SELECT run_id, source, subject, slice, period, measure, before, after, noted_at
FROM meta.change
WHERE $1 IS NULL OR source = $1
ORDER BY noted_at DESC, run_id DESC, source, subject, period, slice, measure
LIMIT $2
"""


@dataclass(frozen=True, slots=True)
class Change:
    """One measure of one month that a load changed.

    `measure` is rows, deleted, content (a hash of the rows that went and came) or the column whose sum
    is given; amounts are decimal texts. `period` is the first day of the month.
    """

    run_id: str
    source: str
    subject: str
    slice: str | None
    period: date | None
    measure: str
    before: str | None
    after: str | None
    noted_at: datetime

    def as_contract(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


def changes(snapshot: Queryable, source: str | None = None, *, limit: int = 200) -> tuple[Change, ...]:
    """Changes of a source or of all, newest first; a snapshot of an earlier version knows none."""
    if not knows_table(snapshot, "change"):
        return ()
    rows = snapshot.query(_CHANGES, [source, limit])
    return tuple(Change(*(*row[:8], row[8].replace(tzinfo=UTC))) for row in rows)
