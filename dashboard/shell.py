"""The frame around every page: strip, header, navigation, content, origin panel.

Pages hand in their content only. Who may open what is decided by the guard; the frame shows no other links.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from dash import html
from dash.development.base_component import Component

from dashboard.cockpits.stichtag import bar
from dashboard.components.address import address
from dashboard.components.attributes import aria, data
from dashboard.components.key_figure import worst
from dashboard.components.states import info_bar
from dashboard.frame import header, navigation
from dashboard.frame.moment import Moment, moment_of_drawing
from dashboard.frame.origin import requested_origin
from dashboard.page import Page, PageModule, allowed_pages, cockpit_named
from dashboard.town_pages import portal_pages
from metrics.result import Rating
from warehouse.errors import IsekError
from warehouse.pointer import snapshot_names

if TYPE_CHECKING:
    from dashboard.auth.viewer import Viewer
    from dashboard.services import Services
    from warehouse.status import Status

VERY_OLD = timedelta(hours=48)
SOURCES_PAGE = "quellen"
# Everybody sees how old the data is; that tonight will bring nothing is for those who can do something.
NIGHT_WATCH = frozenset({"controlling", "verwaltung"})
NO_DATA = "Noch keine Daten: Der erste Lauf steht aus."
UNREADABLE = "Kein veröffentlichter Stand ist gerade lesbar. Die Fachadministration ist gefragt."
SILENT_NIGHT = "Der Zeitplan der Nacht meldet sich nicht: Bis er wieder läuft, kommen keine neuen Daten."


def layout(
    services: Services, viewer: Viewer, page: Page, params: Mapping[str, str], content: Component
) -> Component:
    """Return the whole frame for one address."""
    every = portal_pages(services)
    pages = allowed_pages(every, viewer)
    status = read_status(services, viewer)
    marks = navigation_marks(services, viewer, pages, status, every)
    moment = moment_of_drawing(services)
    notices = [*_notices(services, viewer, status, pages, moment), *_day_bar(services, page, params)]
    settings = services.settings
    body = [
        header.banner(settings, viewer, status, pages, search=_search_results(), run=moment.run),
        html.Div(
            [
                navigation.side(pages, page, marks, here=address(page.path, params)),
                html.Main([*notices, content], id="inhalt", className="main"),
            ],
            className="frame-body",
        ),
        navigation.bottom(pages, page),
    ]
    drawer = requested_origin(services, viewer, page, pages, params)
    return html.Div(
        [
            navigation.skip_links(),
            html.Div(body, className="frame", id="portal"),
            *([drawer] if drawer is not None else []),
        ],
        className="shell",
        **data(product=f"{settings.product_title} {settings.name}", page=page.id, **_watch(services)),
    )


def read_status(services: Services, viewer: Viewer) -> Status | None:
    """Return the state of the data, None as long as nothing has been published."""
    try:
        return services.standing(viewer)
    except IsekError:
        return None


def _notices(
    services: Services, viewer: Viewer, status: Status | None, pages: Sequence[Page], moment: Moment
) -> list[Component]:
    found = [info_bar(SILENT_NIGHT)] if moment.silent and viewer.role in NIGHT_WATCH else []
    link = next((("Grund und Stand ansehen", p.path) for p in pages if p.id == SOURCES_PAGE), None)
    if status is None:
        published = snapshot_names(services.settings.warehouse_dir)
        found.append(info_bar(UNREADABLE if published else NO_DATA, link=link))
    elif not services.as_reported and is_very_old(status.as_of, datetime.now(UTC)):
        found.append(info_bar("Die Daten sind älter als 2 Tage.", link=link))
    return found


def _watch(services: Services) -> dict[str, str]:
    """What the page needs to notice newer data; names of states, no figures."""
    try:
        snapshot = services.reader.current().name
    except IsekError:
        snapshot = ""
    return {"stand": snapshot}


def _day_bar(services: Services, page: Page, params: Mapping[str, str]) -> list[Component]:
    """Which day and which knowledge is shown; silent where nothing can be read."""
    try:
        return bar(services, page, params)
    except IsekError:
        return []


def is_very_old(as_of: datetime, now: datetime) -> bool:
    """True when the data is older than the two days every page has to warn about."""
    return now - as_of > VERY_OLD


def navigation_marks(
    services: Services,
    viewer: Viewer,
    pages: Sequence[Page],
    status: Status | None,
    modules: Sequence[PageModule] = (),
) -> dict[str, Rating]:
    """Return the ratings that need attention by page id; what is in plan stays silent.

    Of `modules` those count that name figures as leading, as the cockpits of a town do by their tiles.
    """
    found: dict[str, list[Rating]] = {}
    shown = {page.id for page in pages}
    for figure in services.settings.leitkennzahlen:
        if page := cockpit_named(pages, figure.cockpit):
            found.setdefault(page.id, []).append(_rating(services, viewer, figure))
    for item in modules:
        if item.page.id in shown:
            ratings = [_rating(services, viewer, cut) for cut in getattr(item.module, "leading", ())]
            found.setdefault(item.page.id, []).extend(ratings)
    if status and any(source.state != "aktuell" for source in status.sources):
        found.setdefault(SOURCES_PAGE, []).append("warn")
    marks = {page_id: worst(ratings) for page_id, ratings in found.items()}
    return {page_id: mark for page_id, mark in marks.items() if mark in ("warn", "krit")}


def _rating(services: Services, viewer: Viewer, figure: Any) -> Rating:
    try:
        total = services.query(viewer, figure.metric, where=figure.where or None).total
    except IsekError:
        return "neu"
    return total.rating if total else "neu"


def _search_results() -> Component:
    """Where search.js writes what the server found."""
    listed = html.Div(id="suche-treffer", role="listbox", hidden=True, **aria(label="Treffer"))
    words = html.P(id="suche-hinweis", className="search-none", hidden=True)
    return html.Div([listed, words], id="suche-liste", className="search-hits", hidden=True)
