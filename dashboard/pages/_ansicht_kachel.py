"""A saved view as TOML for a cockpit of the town: to read, to copy, to download."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html
from dash.development.base_component import Component
from flask import Response, abort

from dashboard.auth.guard import current_viewer
from dashboard.auth.rights import ALL_COCKPITS
from dashboard.auth.viewer import Viewer
from dashboard.components.layout import card, link_action, page_head, region
from dashboard.components.states import empty
from dashboard.explorer.cockpit_text import Fragment, fragment_of
from dashboard.explorer.views import desk_address, version_for, view_for
from warehouse.errors import AccessError
from warehouse.ledger import SavedView

if TYPE_CHECKING:
    from dashboard.services import Services

FILE = "kachel.toml"


def fragment_layout(services: Services, viewer: Viewer, view: SavedView) -> Component:
    """The text of the file, or what a cockpit of the town cannot say of this view."""
    version = version_for(services, viewer, view.id)
    found = fragment_of(services, version)
    head = page_head(
        "Kachel für ein Cockpit der Stadt",
        bold=f"{version.name}.",
        rest="Die Datei wirkt erst, wenn die Fachadministration sie geprüft und abgelegt hat.",
        actions=[link_action("Zur Ansicht", desk_address(view.id))],
    )
    return html.Div([head, region("Datei", _card(view, found))], className="stack")


def _card(view: SavedView, found: Fragment) -> Component:
    if found.lacks:
        items = html.Ul([html.Li(words) for words in found.lacks], className="view-lacks")
        return card("So nicht möglich", [empty("Eine Cockpit-Datei kann das nicht ausdrücken:"), items])
    action = link_action("Herunterladen", desk_address(view.id, FILE), icon_name="download")
    text = html.Pre(html.Code(found.text), className="listing", tabIndex=0)
    steps = html.P("Ablegen im Ordner der Stadt; der Name der Datei wird die Adresse der Seite.")
    return card(f"cockpits/{found.name}.toml", [steps, text], actions=[action])


def add_fragment_route(app: Any, services: Services) -> None:
    """Add the download."""

    def download(view_id: str) -> Response:
        viewer = current_viewer()
        if viewer.role not in ALL_COCKPITS:
            abort(403)
        try:
            services.pin()
            view = view_for(services, viewer, view_id)
            found = fragment_of(services, version_for(services, viewer, view.id))
        except AccessError:
            abort(404, f"view {view_id!r:.80}")
        if found.lacks:
            abort(404)
        name = f'attachment; filename="{found.name}.toml"'
        return Response(found.text, mimetype="application/toml", headers={"Content-Disposition": name})

    path = f"/ansichten/<view_id>/{FILE}"
    app.server.add_url_rule(path, "view_fragment", download, methods=["GET"])
