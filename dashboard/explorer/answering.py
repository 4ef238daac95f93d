"""Answers of the explorer for one viewer, kept like all figures: by snapshot, definition, scope, question."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any

from dashboard import asked
from dashboard.explorer.words import words_for
from dashboard.services import freeze, require_data_access
from metrics.explore.catalog import dataset
from metrics.explore.listing import NoRecords, Window, listing
from metrics.explore.pivot import pivot_of
from metrics.explore.whole import Whole
from metrics.recorded import as_reported

if TYPE_CHECKING:
    from dashboard.auth.viewer import Viewer
    from dashboard.services import Services
    from metrics.catalog import Catalog
    from metrics.explore.question import Path, PivotQuestion
    from metrics.explore.result import Pivot
    from metrics.records import Records
    from metrics.result import Scope

Key = tuple[Hashable, ...]


def explored(services: Services, viewer: Viewer, question: PivotQuestion) -> Pivot:
    """Answer a question within the viewer's scope."""
    for subject in _subjects(question):
        asked.note(subject)
    key, whole = _exploring(services, viewer, question)
    return services.kept(("explore", *key), lambda: pivot_of(whole()), cache=services.pivots)


def explored_records(
    services: Services,
    viewer: Viewer,
    question: PivotQuestion,
    *,
    row: Path = (),
    column: Path = (),
    measure: int = 0,
    **window: Any,
) -> Records | NoRecords:
    """Return the records of a question, or of one of its cells."""
    key, whole = _exploring(services, viewer, question)
    wanted = Window(**window)
    return services.kept(
        ("explored", *key, freeze((row, column, measure, window))),
        lambda: listing(whole(), row=row, column=column, measure=measure, window=wanted),
        cache=services.pivots,
    )


def _exploring(
    services: Services, viewer: Viewer, question: PivotQuestion
) -> tuple[Key, Callable[[], Whole]]:
    """What a question is kept by, and what it is asked with.

    As reported, each figure is asked by the definition that counted then.
    """
    require_data_access(viewer)
    snapshot, scope, subjects = services.snapshot(), viewer.scope, _subjects(question)
    catalog = _definitions(services, subjects, scope)
    known = (catalog.metrics.get(subject) for subject in subjects)
    hashes = tuple(metric.hash if metric else "" for metric in known)

    def whole() -> Whole:
        data = dataset(catalog, question.dataset)
        words = words_for(services, viewer, data, question)
        return Whole.of(catalog, snapshot, question, scope, words.value)

    return (snapshot.name, hashes, services.as_reported, scope, freeze(question)), whole


def _definitions(services: Services, subjects: tuple[str, ...], scope: Scope) -> Catalog:
    """One catalogue to ask several figures with, each by the definition that counts in the snapshot."""
    if not services.as_reported:
        return services.catalog
    snapshot = services.snapshot()

    def then() -> Catalog:
        found = services.catalog
        for subject in (name for name in subjects if name in found.metrics):
            found = as_reported(found, snapshot, subject, scope).catalog
        return found

    return services.cache.get_or_compute(("reported", snapshot.name, subjects, scope), then)


def _subjects(question: PivotQuestion) -> tuple[str, ...]:
    return tuple(dict.fromkeys(measure.subject for measure in question.measures))
