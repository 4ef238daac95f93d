"""All records a question is about, read in batches: for files, not for pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from metrics.explore.listing import NoRecords, chosen_records
from metrics.explore.whole import Whole
from metrics.lineage import Snapshot
from metrics.older import told_when_older
from metrics.records import RecordColumnInfo, Selection, selection

EXTRACT_SECONDS = 1_800.0


class Streaming(Protocol):
    """A snapshot that reads long answers."""

    def stream(
        self, sql: str, params: Sequence[object], handle: Callable[[Any], None], *, timeout_s: float
    ) -> None:
        """Hand over the batches of an answer."""


class LongSnapshot(Snapshot, Streaming, Protocol):
    """A snapshot for both."""


@dataclass(frozen=True, slots=True)
class Extract:
    """Chosen records of one list, not read yet."""

    snapshot: LongSnapshot
    selection: Selection
    total: int
    notes: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[RecordColumnInfo, ...]:
        """The columns that may leave."""
        return self.selection.columns

    def stream(self, handle: Callable[[Any], None]) -> None:
        """Hand over all records in order; raises RetriableError of the snapshot."""
        asked = self.selection
        self.snapshot.stream(asked.sql(), asked.params, handle, timeout_s=EXTRACT_SECONDS)


def extract(whole: Whole, snapshot: LongSnapshot, *, search: str = "") -> Extract | NoRecords:
    """Return the records `listing` would show page by page, all of them. Raises like it."""
    chosen = chosen_records(whole)
    if isinstance(chosen, NoRecords):
        return chosen
    asked = selection(
        whole.catalog,
        chosen.list_id,
        scope=whole.scope,
        where=chosen.where,
        search=search,
        on=chosen.on,
        between=chosen.between,
    )
    with told_when_older(snapshot):
        total = int(snapshot.query(asked.count_sql(), asked.params)[0][0])
    return Extract(snapshot, asked, total, chosen.notes)
