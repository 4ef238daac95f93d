"""The records of a pivot over a list: counts and sums of every level."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from metrics.catalog import Catalog
from metrics.explore.answer import Answer, Axes, Found, Origin, Words
from metrics.explore.catalog import Dataset
from metrics.explore.narrow import Value, where_of_filters
from metrics.explore.question import PivotQuestion
from metrics.explore.span import Days
from metrics.lineage import Snapshot, provenance
from metrics.question import Where
from metrics.result import Number, Scope
from metrics.tally import Tallied, tally
from warehouse.errors import ConfigError

APART = "Eine Summe über mehrere Werte von {0} ist nicht sinnvoll: nach {0} aufgliedern oder filtern."


@dataclass(frozen=True, slots=True)
class Counting:
    """A list of a question; `days` limits its date column."""

    catalog: Catalog
    snapshot: Snapshot
    dataset: Dataset
    question: PivotQuestion
    axes: Axes
    scope: Scope
    days: Days | None
    words: Words | None = None

    @property
    def sums(self) -> list[str]:
        """Columns to be added up."""
        return [measure.subject for measure in self.question.measures if measure.part == "sum"]


def count(counting: Counting) -> Answer:
    """Return all places of a list; every record counts once at each level.

    Raises ConfigError (no_date) for a span of time where records have no day, and what `tally` raises.
    """
    if counting.days is not None and counting.dataset.date_column is None:
        raise ConfigError("Diese Liste hat kein Datum, das sich einschränken ließe", code="no_date")
    levels = {level: counting.axes.keys(level) for level in counting.axes.levels()}
    found = _tally(counting, list(levels.values()), counting.sums, list_where(counting))
    places = {
        counting.axes.place(level, item.path): _found(counting, item)
        for level, names in levels.items()
        for item in found[names]
    }
    origin = provenance(counting.snapshot, counting.catalog.record_list(counting.dataset.subject))
    told = Origin(origin.as_of, origin.stale_sources, origin.nature)
    return Answer(places, {}, told, tuple(_notes(counting, found[()])))


def lies_within(counting: Counting, days: Days) -> bool:
    """Whether records of a question lie within days, as planned ends do; False for lists without days."""
    if counting.dataset.date_column is None:
        return False
    (whole,) = _tally(replace(counting, days=days), [()], [], list_where(counting))[()] or (None,)
    return whole is not None and whole.count > 0


def list_where(counting: Counting) -> dict[str, list[Value]]:
    """Return the filters of a question as values of the list's columns."""

    def values(name: str) -> Iterable[Value]:
        return [item.path[0] for item in _tally(counting, [(name,)], [], {})[(name,)]]

    return where_of_filters(counting.question, values, counting.words)


def _tally(
    counting: Counting, levels: list[tuple[str, ...]], sums: list[str], where: Where
) -> dict[tuple[str, ...], list[Tallied]]:
    return tally(
        counting.catalog,
        counting.snapshot,
        counting.dataset.subject,
        levels,
        sums,
        scope=counting.scope,
        where=where,
        on=counting.dataset.date_column,
        between=counting.days,
    )


def _found(counting: Counting, item: Tallied) -> Found:
    reasons = {name: _apart_words(counting, names) for name, names in item.mixed.items() if names}
    amounts: dict[str, Number | None] = {"*": item.count, **item.sums}
    # A sum that is none is not even at hand: rows are ordered by what may be told.
    return Found({name: amount for name, amount in amounts.items() if name not in reasons}, reasons)


def _apart_words(counting: Counting, names: Iterable[str]) -> str:
    """„Eine Summe über mehrere Werte von „Haushaltsjahr“ und „Plan“ …“."""
    columns = counting.catalog.record_list(counting.dataset.subject).definition.columns
    said = [f"„{columns[name].label}“" for name in names]
    listed = " und ".join(filter(None, (", ".join(said[:-1]), said[-1])))
    return APART.format(listed)


def _notes(counting: Counting, whole: list[Tallied]) -> Iterable[str]:
    if counting.question.at is not None:
        yield "Die Liste zeigt den Stand von heute, nicht den des gewählten Stichtags."
    for item in whole:
        for name in counting.sums:
            if missing := item.count - item.known[name]:
                label = counting.catalog.record_list(counting.dataset.subject).definition.columns[name].label
                yield f"„{label}“ fehlt bei {_number(missing)} von {_number(item.count)} Datensätzen."


def _number(count: int) -> str:
    return f"{count:,}".replace(",", ".")
