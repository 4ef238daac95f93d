"""Menu „Meine Ansichten“ of the explorer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from dashboard.components.icon import icon

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.auth.viewer import Viewer
    from dashboard.explorer.state import State
    from dashboard.services import Services


def views_menu(services: Services, viewer: Viewer, state: State) -> Component:
    """Saved views of a person."""
    del services, viewer, state
    head = html.Summary(
        [icon("bookmark"), html.Span("Meine Ansichten"), icon("down", small=True)], className="button"
    )
    words = html.P("Noch keine gespeicherten Ansichten.", className="menu-caption")
    return html.Details([head, html.Div([words], className="menu-list menu-words")], className="menu")
