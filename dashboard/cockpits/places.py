"""Where a figure is used, found by drawing every page once and writing down what its cards ask.

A page that was drawn for somebody who sees the whole city is not drawn again. Nobody keeps a list. What a
page asks only for another choice than the first is found in its code (`usage`) and told as the page alone.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard import asked
from dashboard.auth.viewer import Viewer
from dashboard.cockpits.usage import used_on
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


def places(services: Services, pages: Sequence[PageModule], except_for: str) -> dict[str, tuple[Place, ...]]:
    """Return the places of every figure that has any; `except_for` is the page that lists them all."""
    shown = [item for item in pages if item.page.id != except_for]
    drawn = {item.page.id: _drawn(services, item) for item in shown}
    found = {}
    for metric_id in services.catalog.metrics:
        known = tuple(_places(services, metric_id, shown, drawn))
        if known:
            found[metric_id] = known
    return found


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


def _places(
    services: Services, metric_id: str, pages: Sequence[PageModule], drawn: Mapping[str, asked.Notes]
) -> Iterator[Place]:
    leading = any(figure.metric == metric_id for figure in services.settings.leitkennzahlen)
    named = {item.page.id for item in used_on(metric_id, pages)}
    for item in pages:
        page = item.page
        cards = [title for title in drawn[page.id].get(metric_id, ()) if title]
        tile = [TILE] if leading and page.id == START else []
        if cards or tile or metric_id in drawn[page.id] or page.id in named:
            yield Place(page.title, page.path, (*tile, *cards))
    yield from model_places(metric_id, services.models())
    # What papers are checked by has its own page to tell a fault.
    with suppress(ConfigError):
        yield from check_places(metric_id, services.rules())


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
