"""Mein Cockpit: angeheftete Ansichten als Kacheln, eigene und die der eigenen Einheit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dash import html
from dash.development.base_component import Component

from dashboard import asked
from dashboard.auth.rights import ALL_COCKPITS
from dashboard.auth.viewer import Viewer
from dashboard.components.filters import choices, filter_bar, menu
from dashboard.components.guard import guarded
from dashboard.components.layout import card, cell, grid, link_action, page_head, print_action, region
from dashboard.components.states import empty
from dashboard.components.view_forms import MOVE, UNPIN, act
from dashboard.explorer.boards import UNIT, Board, Tile, board_of, boards_on_offer
from dashboard.explorer.view_tile import view_tile
from dashboard.explorer.views import EXPLORER, NO_VIEW, VIEWS
from dashboard.page import Page
from dashboard.texts import plural

if TYPE_CHECKING:
    from dashboard.services import Services

PATH = "/mein-cockpit"
PAGE = Page("mein_cockpit", PATH, "Mein Cockpit", "Arbeiten", "target", ALL_COCKPITS, 62)
NOTHING = "Hier steht noch keine Kachel."
STEPS = (
    "Stellen Sie im Explorer eine Frage und speichern Sie sie unter „Meine Ansichten“.",
    "Wählen Sie unter „Alle Ansichten verwalten“ bei der Ansicht „Anheften“.",
    "Die Kachel zeigt hier jeden Tag den neuen Stand, gerechnet mit Ihren Rechten.",
)


def layout(services: Services, viewer: Viewer, params: Mapping[str, str]) -> Component:
    """The tiles of the board the address names; without one the person's own and those of their units."""
    offered = boards_on_offer(services, viewer)
    chosen = params.get(UNIT, "") if params.get(UNIT) in {value for value, _ in offered} else ""
    board = board_of(services, viewer, chosen)
    head = page_head(
        PAGE.title,
        suffix=board.name,
        bold=f"{plural(len(board.tiles), 'Kachel', 'Kacheln', 'Noch keine Kachel')}.",
        rest="Jede rechnet mit Ihren Rechten." if board.tiles else "",
        actions=[link_action("Ansichten verwalten", VIEWS, icon_name="book"), print_action()],
    )
    bar = [filter_bar(menu("Cockpit", choices(PATH, params, UNIT, offered)))] if len(offered) > 1 else []
    if not board.tiles:
        return html.Div([head, *bar, region("Kacheln", _nothing())])
    cells = [cell(6, _tile(services, viewer, board, tile)) for tile in board.tiles]
    return html.Div([head, *bar, region("Kacheln", grid(*cells), class_name="pinned")])


def register(app: Any, services: Services) -> None:
    """The page has no callbacks; its forms belong to the page of views."""
    del app, services


def _nothing() -> Component:
    steps = html.Ol([html.Li(step) for step in STEPS], className="pinned-steps")
    return card("So entsteht Ihr Cockpit", [empty(NOTHING, link=("Zum Explorer", EXPLORER)), steps])


def _tile(services: Services, viewer: Viewer, board: Board, tile: Tile) -> Component:
    seen = tile.seen
    actions = _actions(board, tile)
    if seen is None:
        return card("Ansicht nicht verfügbar", [empty(NO_VIEW), *actions], class_name="view-tile")
    build: Callable[[], Component] = lambda: view_tile(services, viewer, seen, actions)  # noqa: E731
    # What a person pinned is nobody else's business, so the catalogue does not count it as a place of use.
    with asked.recorded():
        drawn = guarded(seen.version.name, build)
    # A tile that cannot be drawn can be taken off all the same.
    if actions and "view-tile" not in str(getattr(drawn, "className", "")):
        return html.Div([drawn, *actions])
    return drawn


def _actions(board: Board, tile: Tile) -> Sequence[Component]:
    """Move and unpin, where the viewer arranges the board."""
    if not tile.arranged:
        return ()
    name = tile.seen.version.name if tile.seen else "nicht verfügbare Ansicht"
    fields = {"ansicht": tile.view_id, "einheit": tile.unit, "zurueck": board.href}
    found = []
    if not tile.first:
        found.append(_small(MOVE, "Nach vorn", name, fields | {"art": "vor"}))
    if not tile.last:
        found.append(_small(MOVE, "Nach hinten", name, fields | {"art": "zurueck"}))
    found.append(_small(UNPIN, "Lösen", name, fields))
    return [html.Div(found, className="pinned-actions")]


def _small(action: str, label: str, name: str, fields: Mapping[str, str]) -> Component:
    return act(action, label, name, fields, look="link-button")
