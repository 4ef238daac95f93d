"""The lists of the page of saved views: what waits for a second person, own, shared, official ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dash import html
from dash.development.base_component import Component

from dashboard import formats
from dashboard.auth.viewer import Viewer
from dashboard.components.icon import icon
from dashboard.components.layout import card
from dashboard.components.table import table
from dashboard.components.view_forms import DECIDE, PIN, UNPIN, act, decline_form
from dashboard.explorer.view_changes import LONGEST_REASON, own_board
from dashboard.explorer.views import VIEWS, Seen, audience_words, desk_address, view_address
from dashboard.figures.chart import Column
from dashboard.proposals import names_of
from dashboard.texts import plural
from warehouse.ledger import SavedView

if TYPE_CHECKING:
    from dashboard.services import Services

COLUMNS = tuple(Column(head) for head in ("Ansicht", "Für wen", "Von", "Stand"))
GROUPS = (("own", "Eigene Ansichten"), ("shared", "Mit Ihrer Rolle geteilt"), ("official", "Offiziell"))


def waiting(services: Services, pending: Sequence[SavedView]) -> Component:
    """Views proposed by others, each with its two answers."""
    names = names_of(services, {view.owner for view in pending})
    items = [html.Li(_proposal(services, view, names[view.owner])) for view in pending]
    count = plural(len(pending), "Ansicht", "Ansichten")
    return card("Wartet auf Ihre Freigabe", html.Ul(items, className="views-waiting"), subtitle=count)


def _proposal(services: Services, view: SavedView, owner: str) -> list[Component]:
    head, asked = view.head, view.pending
    since = formats.stand(asked.at if asked else head.at, services.settings.zone)
    fields = {"ansicht": view.id, "fassung": str(head.version), "art": "freigeben"}
    told = f"Vorgeschlagen von {owner}, {since}, Fassung {head.version}."
    again = " Die bisherige Fassung bleibt offiziell, bis Sie entscheiden." if view.official else ""
    return [
        html.P(html.A(head.name, href=view_address(view.id, head.version), className="row-link")),
        html.P(told + again, className="remark-meta"),
        *([html.P(head.note, className="view-note")] if head.note else []),
        html.Div(
            [
                act(DECIDE, "Freigeben", head.name, fields, shape="check", look="button button-primary"),
                decline_form(view.id, head.version, LONGEST_REASON),
            ],
            className="view-answers",
        ),
    ]


def listed(services: Services, viewer: Viewer, found: Sequence[Seen]) -> Component:
    """One table for each kind there is."""
    pinned = {pin.view for pin in services.entered.view_pins([own_board(viewer)])}
    names = names_of(services, {seen.version.author for seen in found})
    cards = [
        card(
            title,
            table(
                title, COLUMNS, [_row(services, viewer, seen, names, pinned) for seen in some], stacked=True
            ),
            subtitle=plural(len(some), "Ansicht", "Ansichten"),
            flush=True,
        )
        for kind, title in GROUPS
        if (some := [seen for seen in found if seen.kind == kind])
    ]
    return html.Div(cards, className="views-list")


def _row(
    services: Services, viewer: Viewer, seen: Seen, names: dict[str, str], pinned: set[str]
) -> tuple[Component | str, ...]:
    version = seen.version
    link = html.A(version.name, href=seen.href, className="row-link")
    note = [html.P(version.note, className="view-note")] if version.note else []
    seal = [icon("check", small=True)] if seen.view.official is not None else []
    audience = html.Span([*seal, html.Span(audience_words(seen.view, viewer))], className="view-audience")
    told = f"{formats.stand(version.at, services.settings.zone)}, Fassung {version.version}"
    return (
        html.Div([link, *note, _actions(seen, seen.view.id in pinned)], className="view-name"),
        audience, names[version.author], told,
    )  # fmt: skip


def _actions(seen: Seen, pinned: bool) -> Component:
    fields, name = {"ansicht": seen.view.id, "zurueck": VIEWS}, seen.version.name
    pin = (
        act(UNPIN, "Lösen", name, fields, look="link-button")
        if pinned
        else act(PIN, "Anheften", name, fields, look="link-button")
    )
    spoken = html.Span(f" {name}", className="visually-hidden")
    desk = html.A(["Verwalten", spoken], href=desk_address(seen.view.id), className="link-button")
    return html.Div([pin, desk], className="remark-actions")
