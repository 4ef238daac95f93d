"""Where a figure comes from: metric → tables → subjects → the deliveries in force."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Protocol, TypeVar

from metrics.catalog import Metric, RecordList
from metrics.result import Load, Nature

T = TypeVar("T")

_IN_FORCE = """
SELECT
    load.source, source.title, source.owner, source.kind, source.nature, load.subject, load.as_of,
    load.run_id, load.delivery_hash, load.read, load.published, load.rejected, load.duplicates,
    source.state, source.stale
FROM meta.load AS load
INNER JOIN meta.source AS source ON source.source = load.source
WHERE list_contains(?, load.subject)
QUALIFY row_number() OVER (
    PARTITION BY load.source, load.table_no ORDER BY load.finished_at DESC, load.run_id DESC
) = 1
ORDER BY load.source, load.table_no
"""


_AGREED = """
WITH told AS (
    SELECT
        load.source, load.table_no, load.as_of, agreement.content,
        lag(agreement.content) OVER (
            PARTITION BY load.source, load.table_no, load.subject
            ORDER BY load.number, load.finished_at
        ) AS before
    FROM meta.load AS load
    INNER JOIN meta.agreement AS agreement ON agreement.hash = load.agreement
    WHERE list_contains(?, load.subject)
)
SELECT told.source, source.title, told.as_of, told.before, told.content
FROM told
INNER JOIN meta.source AS source ON source.source = told.source
WHERE told.before IS NOT NULL AND told.before <> told.content
ORDER BY told.as_of, told.source, told.table_no
"""


class Snapshot(Protocol):
    """What figures need of a snapshot (`warehouse.store.Snapshot`); times are aware, UTC."""

    name: str
    business_date: date
    created_at: datetime

    def query(self, sql: str, params: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return rows of one SELECT with bound parameters."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """The deliveries behind a figure; `as_of` is the oldest of them (UTC), None when nothing was loaded."""

    loads: tuple[Load, ...]
    as_of: datetime | None
    stale_sources: tuple[str, ...]
    nature: Nature


@dataclass(frozen=True, slots=True)
class Agreed:
    """A delivery (`as_of`, UTC) made under another agreement than the one before it; both are JSON texts."""

    source: str
    title: str
    as_of: datetime
    before: str
    after: str


def agreements(snapshot: Snapshot, subjects: Iterable[str]) -> tuple[Agreed, ...]:
    """Return the changes of what the sources of subjects agreed to deliver, oldest first."""
    return tuple(
        Agreed(source, title, as_of.replace(tzinfo=UTC), before, after)
        for source, title, as_of, before, after in snapshot.query(_AGREED, [sorted(subjects)])
    )


def provenance(snapshot: Snapshot, metric: Metric | RecordList) -> Provenance:
    """Return the deliveries in force behind a metric or a list.

    A figure about the bookkeeping itself is as old as the snapshot and never stale: it reports staleness.
    """
    if any(table.startswith("meta.") for table in metric.depends):
        nature = _once(snapshot, "nature", lambda: _read_nature(snapshot))
        return Provenance((), snapshot.created_at, (), nature)
    loads = loads_of(snapshot, metric.subjects)
    return Provenance(
        loads=loads,
        as_of=min((load.as_of for load in loads), default=None),
        stale_sources=tuple(sorted({load.source for load in loads if load.stale})),
        nature=nature_of(load.nature for load in loads),
    )


def _read_nature(snapshot: Snapshot) -> Nature:
    return nature_of(row[0] for row in snapshot.query("SELECT DISTINCT nature FROM meta.source"))


def loads_of(snapshot: Snapshot, subjects: Iterable[str]) -> tuple[Load, ...]:
    """Return the deliveries in force for subjects, by source; every figure asks for them."""
    asked = tuple(sorted(subjects))
    return _once(snapshot, ("loads", asked), lambda: _read_loads(snapshot, asked))


def _read_loads(snapshot: Snapshot, subjects: tuple[str, ...]) -> tuple[Load, ...]:
    return tuple(_load(row) for row in snapshot.query(_IN_FORCE, [list(subjects)]))


def _once(snapshot: Snapshot, key: Hashable, read: Callable[[], T]) -> T:
    """Read once per published snapshot; what stands in for one in a test may change."""
    remember = getattr(snapshot, "remember", None)
    return read() if remember is None else remember(key, read)


def nature_of(natures: Iterable[str]) -> Nature:
    """Sum up natures: one example source beside real ones makes a figure „gemischt“."""
    found = set(natures)
    if found == {"beispiel"}:
        return "beispiel"
    return "gemischt" if "beispiel" in found else "echt"


def _load(row: Sequence[Any]) -> Load:
    source, title, owner, kind, nature, subject, as_of, run_id, delivery_hash, *rest = row
    read, published, rejected, duplicates, state, stale = rest
    return Load(
        source=source,
        title=title,
        owner=owner,
        kind=kind,
        nature=nature,
        subject=subject,
        as_of=as_of.replace(tzinfo=UTC),
        run_id=run_id,
        delivery_hash=delivery_hash,
        read=read,
        published=published,
        rejected=rejected,
        duplicates=duplicates,
        state=state,
        stale=bool(stale),
    )
