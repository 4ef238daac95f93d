"""What a person may find: pages they may open, figures, and records inside their scope."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from dashboard.auth.viewer import Viewer
from dashboard.drill_link import drill_address, record_address
from dashboard.explorer.views import views_for
from dashboard.other_words import other_words
from dashboard.page import Page, PageModule, allowed_pages
from dashboard.search.ranking import Entry, entry
from metrics.records import MAXIMUM
from warehouse.errors import IsekError

if TYPE_CHECKING:
    from dashboard.services import Services

PAGES, FIGURES, SERVICES, MEASURES = "Seiten", "Kennzahlen", "Leistungen", "Maßnahmen"
VIEWS = "Ansichten"
KINDS = (PAGES, VIEWS, FIGURES, SERVICES, MEASURES)
KIND_NOTES = {"own": "eigene Ansicht", "shared": "geteilte Ansicht", "official": "offizielle Ansicht"}
# List, kind, column of the name, columns of codes.
RECORDS = (
    ("services", SERVICES, "bezeichnung", ("service_id", "leika_schluessel")),
    ("measures", MEASURES, "title", ("measure_id",)),
)
DRILL_PAGE, RECORD_PAGE, CATALOGUE, EXPLORER_PAGE = "aufgliederung", "datensatz", "kennzahlen", "ansichten"


def index_of(services: Services, viewer: Viewer, pages: Sequence[PageModule]) -> tuple[Entry, ...]:
    """Return everything this viewer may find, made once per published state, role and scope."""
    allowed = allowed_pages(pages, viewer)
    shown = tuple(page.id for page in allowed)
    key = ("search", _state(services), viewer.role, viewer.scope, shown)
    return services.cache.get_or_compute(key, lambda: tuple(_entries(services, viewer, allowed)))


def own_entries(services: Services, viewer: Viewer, pages: Sequence[PageModule]) -> tuple[Entry, ...]:
    """Return what is about one person: the saved views they may open; never kept for others."""
    if EXPLORER_PAGE not in {page.id for page in allowed_pages(pages, viewer)}:
        return ()
    try:
        found = views_for(services, viewer)
    except IsekError:
        return ()
    return tuple(
        entry(VIEWS, seen.version.name, KIND_NOTES[seen.kind], seen.href, more=seen.version.note)
        for seen in found
    )


def _state(services: Services) -> str:
    try:
        return services.snapshot().name
    except IsekError:
        return ""


def _entries(services: Services, viewer: Viewer, allowed: Sequence[Page]) -> Iterator[Entry]:
    known = {page.id: page for page in allowed}
    for page in allowed:
        if page.id != RECORD_PAGE:
            yield entry(PAGES, page.title, "Seite", page.path)
    yield from _figures(services, viewer, known)
    if RECORD_PAGE in known and viewer.sees_figures:
        yield from _records(services, viewer)


def _figures(services: Services, viewer: Viewer, known: dict[str, Page]) -> Iterator[Entry]:
    by_number = sorted(services.catalog.metrics.values(), key=lambda metric: metric.definition.number)
    for metric in by_number:
        definition = metric.definition
        if DRILL_PAGE in known and viewer.sees_figures:
            href = drill_address(metric.id)
        elif CATALOGUE in known:
            href = f"{known[CATALOGUE].path}?kennzahl={metric.id}#{metric.id}"
        else:
            continue
        if not definition.deprecated:
            own = f"{definition.short or ''} {definition.label}"
            more = f"{definition.short or ''} {definition.question} {other_words(own)}"
            codes = (definition.number,)
            yield entry(FIGURES, definition.label, definition.number, href, codes=codes, more=more)


def _records(services: Services, viewer: Viewer) -> Iterator[Entry]:
    for list_id, kind, name, codes in RECORDS:
        listed = services.catalog.lists.get(list_id)
        if listed is None:
            continue
        try:
            rows = services.records(viewer, list_id, limit=MAXIMUM).dicts()
        except IsekError:
            # Before the first night there is nothing to find; pages and figures are found anyway.
            continue
        for row in rows:
            href = record_address(list_id, [row[part] for part in listed.definition.key])
            if href and row[name]:
                own = [row[code] for code in codes]
                yield entry(kind, str(row[name]), str(own[0]), href, codes=own)
