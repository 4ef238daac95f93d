"""All pages of one city's portal: those of the house and the cockpits the town declares itself.

The town's files are read once per process, as its metrics and targets are: a changed file counts after the
next start. A faulty one costs its own page only.
"""

from __future__ import annotations

import logging
from functools import partial
from types import ModuleType
from typing import TYPE_CHECKING, Any

from dashboard.auth.rights import ALL_COCKPITS, TOWN
from dashboard.cockpits.town_load import Declared, load_cockpits
from dashboard.page import Page, PageModule, discover_pages
from dashboard.pages import _town

if TYPE_CHECKING:
    from dashboard.services import Services
    from warehouse.errors import ConfigError

log = logging.getLogger("isek.web")
GROUP = "Cockpits der Stadt"
PATH = "/cockpit/"


def portal_pages(services: Services) -> tuple[PageModule, ...]:
    """Pages of the house, then those of the town in the order its files ask for."""
    return services.cache.get_or_compute(("pages",), lambda: (*discover_pages(), *town_pages(services)))


def town_pages(services: Services) -> tuple[PageModule, ...]:
    """One page for each file in `cockpits/`; what is wrong with a file goes to the log."""
    found = load_cockpits(services.settings.city, services.catalog, services.models(), on_fault=_told)
    ordered = sorted(found, key=lambda item: (item.order, item.title.casefold()))
    return tuple(_page_of(item, place) for place, item in enumerate(ordered))


def _told(error: ConfigError) -> None:
    log.error("cockpit left out: %s", error)


def _page_of(item: Declared, place: int) -> PageModule:
    page = Page(
        id=f"{TOWN}{item.id}",
        path=f"{PATH}{item.id}",
        title=item.title,
        group=GROUP,
        icon=item.icon,
        roles=ALL_COCKPITS if item.roles is None else item.roles & ALL_COCKPITS,
        order=1000 + place,
    )
    # A module like those of the house, so that whoever walks the pages need not know the difference.
    module: Any = ModuleType(f"dashboard.town_pages.{item.id}")
    module.PAGE, module.register = page, register
    if item.file is None:
        module.layout, module.leading = partial(_town.faulty_layout, page), ()
        metrics: frozenset[str] = frozenset()
    else:
        module.layout, module.leading = partial(_town.layout, page, item.file), item.file.tiles
        metrics = frozenset(cut.metric for _, cut in item.file.cuts())
    module.shows = lambda services, viewer: metrics
    return PageModule(page, module)


def register(app: Any, services: Services) -> None:
    """A town's page has no callbacks: all of its state stands in the address."""
    del app, services
