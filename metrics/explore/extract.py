"""All records of a list data set as a question narrows them, read in batches: for files, not for pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from metrics.catalog import Catalog
from metrics.explore.answer import Axes, Words
from metrics.explore.check import checked
from metrics.explore.question import PivotQuestion
from metrics.explore.register import Counting, list_where
from metrics.explore.span import days_of
from metrics.lineage import Snapshot
from metrics.older import told_when_older
from metrics.records import RecordColumnInfo, Selection, selection
from metrics.result import Scope

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

    @property
    def columns(self) -> tuple[RecordColumnInfo, ...]:
        """The columns that may leave."""
        return self.selection.columns

    def stream(self, handle: Callable[[Any], None]) -> None:
        """Hand over all records in order; raises RetriableError of the snapshot."""
        asked = self.selection
        self.snapshot.stream(asked.sql(), asked.params, handle, timeout_s=EXTRACT_SECONDS)


def extract(
    catalog: Catalog,
    snapshot: LongSnapshot,
    question: PivotQuestion,
    *,
    scope: Scope,
    words: Words | None = None,
    search: str = "",
    order: Sequence[str] | None = None,
) -> Extract:
    """Return the records of a list data set within a scope. Raises like `pivot` and `records`."""
    found = checked(catalog, question)
    days = days_of(question, (), snapshot.business_date)
    counting = Counting(catalog, snapshot, found, question, Axes.of(question), scope, days, words)
    asked = selection(
        catalog,
        found.subject,
        scope=scope,
        where=list_where(counting),
        order=order,
        search=search,
        on=found.date_column if days else None,
        between=days,
    )
    with told_when_older(snapshot):
        total = int(snapshot.query(asked.count_sql(), asked.params)[0][0])
    return Extract(snapshot, asked, total)
