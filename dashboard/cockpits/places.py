"""Where a figure is used: by the pages' own code and by the data that chooses what a page shows.

Nobody keeps a list. Which figures a page names is read from its code (`usage`); a page that shows what
settings, files or records name says so itself (`shows` of its module). A test draws every page and finds no
figure beyond that. The cards of one figure are found by drawing its pages once and writing down what they
ask; a page that was drawn for somebody who sees the whole city is not drawn again.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard import asked
from dashboard.auth.viewer import Viewer
from dashboard.cockpits.usage import words_of
from dashboard.page import Page, PageModule, allowed_pages
from metrics.contradictions.rules import LiveCheck, Rules
from metrics.models.library import AnyModel
from metrics.models.progress import ProgressModel
from metrics.result import Scope
from warehouse.errors import ConfigError, IsekError

if TYPE_CHECKING:
    from dashboard.services import Services

TILE = "Leitkennzahl"
START = "start"
# Only ids and titles of cards leave this drawing, never a figure.
PROBE = Viewer("", "", "", "", "controlling", Scope.city())


@dataclass(frozen=True, slots=True)
class Place:
    """A page that shows a figure, with the cards or tiles of it that are known; `path` is its address."""

    title: str
    path: str
    parts: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """„OZG-Fortschritt (Laufende Projekte nach Schritt)“."""
        return f"{self.title} ({', '.join(self.parts)})" if self.parts else self.title


def shown_on(
    services: Services, pages: Sequence[PageModule], except_for: str
) -> dict[str, tuple[Place, ...]]:
    """Return the pages, models and checks of every figure that has any, without drawing a page.

    `except_for` is the page that lists them all.
    """
    shown = {item.page.id: _told(services, item) for item in pages if item.page.id != except_for}
    known = [item for item in pages if item.page.id in shown]
    found = {}
    for metric_id in services.catalog.metrics:
        mine = [Place(i.page.title, i.page.path) for i in known if metric_id in shown[i.page.id]]
        if places := (*mine, *_beyond_pages(services, metric_id)):
            found[metric_id] = places
    return found


def places_of(
    services: Services, metric_id: str, pages: Sequence[PageModule], except_for: str
) -> tuple[Place, ...]:
    """Return the places of one figure with its cards; only the pages that show it are drawn for that."""
    known = [i for i in pages if i.page.id != except_for and metric_id in _told(services, i)]
    found = (Place(i.page.title, i.page.path, _parts(services, metric_id, i)) for i in known)
    return (*found, *_beyond_pages(services, metric_id))


def _told(services: Services, item: PageModule) -> frozenset[str]:
    """Figures a page can show: those its code names, and those settings, files or records name to it."""
    data = getattr(item.module, "shows", None)
    return words_of(item.module.__name__) | (data(services, PROBE) if data else frozenset())


def _parts(services: Services, metric_id: str, item: PageModule) -> tuple[str, ...]:
    leading = any(figure.metric == metric_id for figure in services.settings.leitkennzahlen)
    tile = [TILE] if leading and item.page.id == START else []
    return (*tile, *(title for title in _drawn(services, item).get(metric_id, ()) if title))


def _beyond_pages(services: Services, metric_id: str) -> Iterator[Place]:
    yield from model_places(metric_id, services.models())
    # What papers are checked by has its own page to tell a fault.
    with suppress(ConfigError):
        yield from check_places(metric_id, services.rules())


def _drawn(services: Services, item: PageModule) -> asked.Notes:
    """What the page asks in its first view; a page that cannot be drawn now asks nothing."""
    if item.page not in allowed_pages([item], PROBE):
        return {}
    return services.cache.get_or_compute(_key(services, item.page), lambda: _probed(services, item))


def _probed(services: Services, item: PageModule) -> asked.Notes:
    # The catalogue stays readable whatever another page trips over; that page tells it itself.
    with asked.recorded() as notes, suppress(Exception):
        item.module.layout(services, PROBE, {})
    return notes


def keep_notes(
    services: Services, page: Page, viewer: Viewer, params: Mapping[str, str], notes: asked.Notes
) -> None:
    """Use what a page asked while it was drawn for a person; it need not be drawn again for the catalogue."""
    if (viewer.role, viewer.scope) == (PROBE.role, PROBE.scope) and not params:
        with suppress(IsekError):
            services.cache.get_or_compute(_key(services, page), lambda: notes)


def _key(services: Services, page: Page) -> Hashable:
    return ("asked", services.snapshot().name, page.id)


def model_places(metric_id: str, models: Mapping[str, AnyModel]) -> Iterator[Place]:
    """Projections that build on the figure."""
    for name, model in models.items():
        if isinstance(model, ProgressModel) and metric_id in (model.metric, model.flow):
            yield Place(f"Modell „{model.title}“", f"/modelle?modell={name}")


def check_places(metric_id: str, rules: Rules) -> Iterator[Place]:
    """Checks that hold a statement of a paper against the figure."""
    for check in rules.checks:
        if isinstance(check, LiveCheck) and check.metric == metric_id:
            yield Place(f"Prüfung „{check.title}“", f"/vorlagen?befund=alle#befund-{check.id}")
