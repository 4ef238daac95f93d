"""What is known of each source: its rhythm, its deliveries, the rows that were refused and why."""

# ruff: noqa: S608 - names of subjects are checked against their pattern and pass `quote`

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from warehouse.store import quote

LATEST_LOADS = 28
MOST_REJECTED = 200


class Queryable(Protocol):
    """What is needed of a snapshot."""

    def query(self, sql: str, params: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return rows of one SELECT with bound parameters."""


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """What a declaration promises and what the last attempt brought. Times are UTC.

    `subjects` are those the source has ever delivered; empty for a source that was never loaded.
    `quarantined` counts refused rows that did not come again yet.
    """

    source: str
    every: str
    fresh_for_days: int
    reason_code: str | None
    last_run_id: str | None
    last_try_at: datetime | None
    subjects: frozenset[str]
    quarantined: int = 0


@dataclass(frozen=True, slots=True)
class Delivered:
    """One good load of one table; read = published + rejected + duplicates."""

    run_id: str
    table_no: int
    subject: str
    as_of: datetime
    read: int
    published: int
    rejected: int
    duplicates: int
    delivery_hash: str
    content_hash: str
    cursor: str | None
    finished_at: datetime
    in_force: bool


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """One refused row; `raw` is masked."""

    run_id: str
    table_no: int
    subject: str
    line: int | None
    column: str | None
    reason_code: str
    reason: str
    raw: str | None


@dataclass(frozen=True, slots=True)
class RejectedGroup:
    """How many rows were refused for one reason in one column."""

    subject: str
    column: str | None
    reason: str
    rows: int


_FACTS = """
SELECT
    source.source, any_value(every), any_value(fresh_for_days), any_value(reason_code),
    any_value(last_run_id), any_value(last_try_at),
    list(DISTINCT load.subject) FILTER (load.subject NOT NULL),
    (SELECT count(*) FROM meta.rejected AS rejected WHERE rejected.source = source.source)
FROM meta.source AS source
LEFT JOIN meta.load AS load ON load.source = source.source
GROUP BY source.source
"""

_DELIVERED = """
SELECT
    run_id, table_no, subject, as_of, read, published, rejected, duplicates, delivery_hash, content_hash,
    cursor, finished_at,
    row_number() OVER (PARTITION BY table_no ORDER BY finished_at DESC, run_id DESC) = 1 AS in_force
FROM meta.load
WHERE source = ?
ORDER BY finished_at DESC, run_id DESC, table_no
LIMIT ?
"""

_REJECTED = """
SELECT run_id, table_no, subject, line, column_name, reason_code, reason, raw
FROM meta.rejected
WHERE source = ?
ORDER BY table_no, line, column_name
LIMIT ?
"""

_GROUPS = """
SELECT subject, column_name, reason, count(*)
FROM meta.rejected
WHERE source = ?
GROUP BY ALL
ORDER BY count(*) DESC, subject, column_name, reason
"""


def knows_table(snapshot: Queryable, name: str) -> bool:
    """Whether a snapshot has this table of bookkeeping; those of earlier versions have fewer."""
    sql = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'meta' AND table_name = $1"
    return bool(snapshot.query(sql, [name])[0][0])


def source_facts(snapshot: Queryable) -> dict[str, SourceFacts]:
    """Facts of all sources the snapshot knows, by id."""
    return {row[0]: _facts(row) for row in snapshot.query(_FACTS)}


def _facts(row: tuple[Any, ...]) -> SourceFacts:
    source, every, days, code, run_id, tried, subjects, refused = row
    return SourceFacts(source, every, days, code, run_id, _utc(tried), frozenset(subjects or ()), refused)


def rows_in_force(snapshot: Queryable, facts: Iterable[SourceFacts]) -> dict[str, int]:
    """Rows each source has in the snapshot now; a delivery that only brings changes says less."""
    subjects = sorted({subject for fact in facts for subject in fact.subjects})
    if not subjects:
        return {}
    parts = [f"SELECT _source FROM stage.{quote(subject)}" for subject in subjects]
    sql = f"SELECT _source, count(*) FROM ({' UNION ALL '.join(parts)}) GROUP BY _source"
    return dict(snapshot.query(sql))


def deliveries(snapshot: Queryable, source: str, *, limit: int = LATEST_LOADS) -> tuple[Delivered, ...]:
    """The latest good loads of a source, newest first; `in_force` marks the last one of each table."""
    rows = [list(row) for row in snapshot.query(_DELIVERED, [source, limit])]
    for row in rows:
        row[3], row[11] = _utc(row[3]), _utc(row[11])
    return tuple(Delivered(*row) for row in rows)


def rejected_rows(snapshot: Queryable, source: str, *, limit: int = MOST_REJECTED) -> tuple[RejectedRow, ...]:
    """Refused rows of the latest delivery with their masked values; for eyes that may see them."""
    return tuple(RejectedRow(*row) for row in snapshot.query(_REJECTED, [source, limit]))


def rejected_groups(snapshot: Queryable, source: str) -> tuple[RejectedGroup, ...]:
    """Counts of refused rows by column and reason; holds no value of a row."""
    return tuple(RejectedGroup(*row) for row in snapshot.query(_GROUPS, [source]))


def remarks(snapshot: Queryable, source: str) -> tuple[tuple[datetime, str], ...]:
    """What is remarkable about the latest delivery and since when; holds no value of a row."""
    if not knows_table(snapshot, "finding"):
        return ()
    sql = "SELECT since, place || ': ' || what FROM meta.finding WHERE source = $1 ORDER BY ALL"
    return tuple((since.replace(tzinfo=UTC), what) for since, what in snapshot.query(sql, [source]))


def _utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment else None
