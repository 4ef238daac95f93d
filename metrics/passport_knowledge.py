"""„Heutiger Kenntnisstand“ against „wie berichtet“: what is known now of a day, and what was said then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from metrics.catalog import Catalog
from metrics.lineage import Snapshot
from metrics.passport import Knowledge, Known, difference
from metrics.passport_series import Asked, CellKey, amount_of, key_of
from metrics.recorded import as_recorded, loosens
from metrics.result import MetricResult
from metrics.version import Version, part_words
from warehouse.errors import IsekError
from warehouse.store import DatabaseError

SAME = "Der Stichtag ist der des Standes: beide Werte sind dieselbe Zahl"
CHANGED = "Die Definition wurde seither geändert: {parts}"
LATER = "Vom Stichtag selbst ist kein Stand aufbewahrt; der nächste danach ist vom {day:%d.%m.%Y}"
GONE = "Ein Stand, der für diesen Stichtag veröffentlicht wurde, ist nicht aufbewahrt"
UNREADABLE = "Der damalige Stand lässt sich mit dieser Frage nicht lesen"
OUTDATED = "Der heutige Stand lässt sich mit dieser Frage nicht lesen"


class Archive(Protocol):
    """The published snapshots that are kept (`warehouse.archive.Archive`)."""

    def current(self) -> Snapshot:
        """The snapshot that counts now."""

    def reported(self, day: date) -> Snapshot | None:
        """The snapshot published for a day, or the next one after it; None when none is kept."""


@dataclass(frozen=True, slots=True)
class View:
    """One snapshot's answer to a question, by cell."""

    snapshot: Snapshot
    version: Version
    cells: Mapping[CellKey, Known]


@dataclass(frozen=True, slots=True)
class Views:
    """Both sides, each None where there is none, and what has to be said about them."""

    today: View | None
    reported: View | None
    note: str

    def of(self, key: CellKey) -> Knowledge:
        """Return what both sides know of a cell."""
        today, reported = (view.cells.get(key) if view else None for view in (self.today, self.reported))
        both = today is not None and reported is not None
        apart = difference(today.amount.value, reported.amount.value) if both and today and reported else None
        return Knowledge(today, reported, apart, self.note)


def look(asked: Asked, result: MetricResult, version: Version, archive: Archive, today: Catalog) -> Views:
    """Ask both snapshots the same question for the same day.

    The one of today with the definition of today's catalogue, as every page does; the one of then with the
    definition it keeps.
    """
    stichtag = asked.at or asked.snapshot.business_date
    own = View(asked.snapshot, version, _cells(asked, result, version))
    current, then = archive.current(), archive.reported(stichtag)
    if current.name == asked.snapshot.name:
        now: View | None = own
    else:
        now = _view(replace(asked, catalog=today, snapshot=current, at=stichtag))
    if then is None:
        return Views(now, None, GONE)
    if then.name == asked.snapshot.name:
        reported: View | None = own
    else:
        reported = now if then.name == current.name else _then(asked, then, stichtag, today)
    return Views(now, reported, _note(now, reported, then, stichtag))


def _note(today: View | None, reported: View | None, then: Snapshot, stichtag: date) -> str:
    if reported is None:
        return UNREADABLE
    if today is None:
        return OUTDATED
    if today.snapshot.name == reported.snapshot.name:
        return SAME if then.business_date == stichtag else LATER.format(day=then.business_date)
    said = [LATER.format(day=then.business_date)] if then.business_date != stichtag else []
    if today.version.hash != reported.version.hash:
        said.append(CHANGED.format(parts=part_words(today.version.differs_in(reported.version.parts))))
    return "; ".join(said)


def _then(asked: Asked, snapshot: Snapshot, stichtag: date, today: Catalog) -> View | None:
    then = as_recorded(today, snapshot, asked.metric_id)
    if loosens(today, then.catalog.metric(asked.metric_id).definition, asked.metric_id, asked.scope):
        return None
    return _view(replace(asked, catalog=then.catalog, snapshot=snapshot, at=stichtag), then.version)


def _view(asked: Asked, version: Version | None = None) -> View | None:
    try:
        counted = version or asked.catalog.version(asked.metric_id)
        answer = asked.answer()
    except (IsekError, DatabaseError):
        # An older file may not have the table or the dimension; that is a gap and no fault of the reader.
        return None
    return View(asked.snapshot, counted, _cells(asked, answer, counted))


def _cells(asked: Asked, result: MetricResult, version: Version) -> dict[CellKey, Known]:
    facts = (asked.snapshot.name, asked.snapshot.business_date, asked.snapshot.created_at, version.hash)
    by_period = "period" in asked.by
    return {key_of(cell, by_period): Known(*facts, amount_of(cell, asked.definition)) for cell in result.rows}
