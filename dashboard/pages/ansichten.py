"""Ansichten: gespeicherte Ansichten des Explorers, eigene, geteilte und offizielle, und was wartet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dash import html
from dash.development.base_component import Component

from dashboard.auth.rights import ALL_COCKPITS
from dashboard.auth.viewer import Viewer
from dashboard.components.layout import card, link_action, page_head, region
from dashboard.components.states import empty
from dashboard.explorer.views import EXPLORER, NO_VIEW, VIEWS, view_for, views_for, waiting_for
from dashboard.page import Page
from dashboard.pages._ansicht_kachel import add_fragment_route, fragment_layout
from dashboard.pages._ansicht_verwalten import desk_layout
from dashboard.pages._ansichten_liste import listed, waiting
from dashboard.pages._ansichten_schreiben import add_view_routes
from dashboard.texts import plural
from warehouse.errors import AccessError

if TYPE_CHECKING:
    from dashboard.services import Services

VIEW, WHAT = "ansicht", "was"
PAGE = Page("ansichten", VIEWS, "Ansichten", "Fuß", "book", ALL_COCKPITS, 925, parts=(VIEW, WHAT))
RIGHTS = "Jede rechnet mit den Rechten der Person, die sie öffnet."
NOTHING = "Noch ist keine Ansicht gespeichert, die für Sie ist."
HOW = "Stellen Sie im Explorer eine Frage und wählen Sie „Meine Ansichten“, dann „Diese Ansicht speichern“."


def layout(services: Services, viewer: Viewer, params: Mapping[str, str]) -> Component:
    """All views the person may open; with an id in the path what can be done with that one."""
    if VIEW not in params:
        return _all(services, viewer)
    drawn = {"verwalten": desk_layout, "kachel": fragment_layout}.get(params.get(WHAT, ""))
    try:
        view = view_for(services, viewer, params[VIEW])
    except AccessError:
        drawn = None
    if drawn is None:
        return html.Div(
            [page_head(PAGE.title, actions=[link_action("Alle Ansichten", VIEWS)]),
             region("Auskunft", card("Keine Ansicht", empty(NO_VIEW)))]
        )  # fmt: skip
    return drawn(services, viewer, view)


def register(app: Any, services: Services) -> None:
    """Forms of views and pins stand on several pages; their routes belong to this one."""
    add_view_routes(app, services)
    add_fragment_route(app, services)


def _all(services: Services, viewer: Viewer) -> Component:
    found, pending = views_for(services, viewer), waiting_for(services, viewer)
    told = plural(len(pending), "Ansicht wartet", "Ansichten warten") if pending else ""
    head = page_head(
        PAGE.title,
        bold=f"{plural(len(found), 'gespeicherte Ansicht', 'gespeicherte Ansichten', 'Keine Ansicht')}.",
        rest=f"{told} auf Ihre Freigabe." if told else RIGHTS,
        actions=[link_action("Zum Explorer", EXPLORER, icon_name="explorer")],
    )
    parts = [region("Zur Freigabe", waiting(services, pending))] if pending else []
    if not found:
        hint = html.P(HOW, className="city-note")
        parts.append(region("Verzeichnis", card("Gespeicherte Ansichten", [empty(NOTHING), hint])))
    else:
        parts.append(region("Verzeichnis", listed(services, viewer, found)))
    return html.Div([head, *parts], className="stack")
