"""What `isek status` and the page of runs say: current snapshot, sources with freshness, last runs.

The dataclasses have exactly the shape of `isek status --json`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any, Protocol

from warehouse.store import Snapshot


class LedgerRun(Protocol):
    """The fields of a ledger run that are shown."""

    @property
    def run_id(self) -> str: ...
    @property
    def business_date(self) -> date: ...
    @property
    def trigger(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def started_at(self) -> datetime: ...
    @property
    def finished_at(self) -> datetime | None: ...
    @property
    def snapshot(self) -> str | None: ...
    @property
    def reason(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """One source; counts of the last good slice.

    state: aktuell | veraltet | fehlgeschlagen | zurückgehalten | nie_geladen
    """

    id: str
    title: str
    owner: str
    kind: str
    nature: str
    state: str
    stale: bool
    as_of: datetime | None
    read: int
    published: int
    rejected: int
    duplicates: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class RunStatus:
    """One run as the ledger keeps it."""

    run_id: str
    business_date: date
    trigger: str
    state: str
    started_at: datetime
    finished_at: datetime | None
    snapshot: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Status:
    """The whole answer. `as_of` is the moment the snapshot speaks for."""

    city: str
    snapshot: str
    as_of: datetime
    business_date: date
    sources: tuple[SourceStatus, ...]
    runs: tuple[RunStatus, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain values: dates and times as ISO text."""
        plain: dict[str, Any] = _plain(asdict(self))
        return plain


_SOURCES = """
SELECT source, title, owner, kind, nature, state, stale, as_of, read, published, rejected, duplicates, reason
FROM meta.source ORDER BY source
"""


def read_status(snapshot: Snapshot, runs: Iterable[LedgerRun] = ()) -> Status:
    """Status of a snapshot and the ledger's runs (newest first, as given)."""
    return Status(
        city=snapshot.city,
        snapshot=snapshot.name,
        as_of=snapshot.as_of,
        business_date=snapshot.business_date,
        sources=tuple(_source(row) for row in snapshot.query(_SOURCES)),
        runs=read_runs(runs),
    )


def read_runs(runs: Iterable[LedgerRun]) -> tuple[RunStatus, ...]:
    """The ledger's runs in the order given."""
    return tuple(_run(run) for run in runs)


def _source(row: tuple[Any, ...]) -> SourceStatus:
    values = list(row)
    values[7] = values[7].replace(tzinfo=UTC) if values[7] else None
    return SourceStatus(*values)


def _run(run: LedgerRun) -> RunStatus:
    return RunStatus(
        run_id=run.run_id,
        business_date=run.business_date,
        trigger=run.trigger,
        state=run.state,
        started_at=run.started_at,
        finished_at=run.finished_at,
        snapshot=run.snapshot,
        reason=run.reason,
    )


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value
