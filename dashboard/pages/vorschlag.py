"""Vorschlag zur Entscheidung: was wartet, was die zuständige Stelle vorschlägt, was entschieden wurde."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dash import html
from dash.development.base_component import Component
from flask import has_request_context

from dashboard import formats, messages_entscheidungen, texts
from dashboard.auth.guard import current_session
from dashboard.auth.rights import ALL_COCKPITS
from dashboard.auth.viewer import Viewer
from dashboard.cockpits.entscheidungen import decisions, rated_figures, waiting_metrics
from dashboard.cockpits.lagebild import leads_of
from dashboard.components.layout import card, cell, grid, link_action, page_head, print_action, region
from dashboard.components.points import PROPOSE, point_list
from dashboard.components.proposal import proposal_form, resolution_form, versions_table
from dashboard.components.states import empty, info_bar
from dashboard.figure_rights import WHOLE, Cut, cut_where, may_see, units
from dashboard.formats import amount
from dashboard.page import Page
from dashboard.pages._vorschlag_schreiben import RESOLVE, SAVE, add_proposal_routes
from dashboard.proposals import may_propose, may_resolve, names_of, proposals_for
from warehouse.errors import IsekError
from warehouse.ledger import Proposal

if TYPE_CHECKING:
    from dashboard.services import Services

PAGE = Page("vorschlag", PROPOSE, "Vorschlag zur Entscheidung", "Fuß", "erfassung", ALL_COCKPITS, 905)
UNKNOWN = "Diese Kennzahl gibt es nicht, oder für diese Auswahl fehlt die Berechtigung."
READ_ONLY = "Vorschläge zu dieser Kennzahl schreiben das Controlling und die zuständige Leitung."


def layout(services: Services, viewer: Viewer, params: Mapping[str, str]) -> Component:
    """The proposal for the figure the address names; without one all points that wait."""
    if "kennzahl" not in params:
        return _all(services, viewer)
    cut = Cut(params["kennzahl"], params.get("einheit", WHOLE))
    if not may_see(services, viewer, cut):
        return html.Div([page_head(PAGE.title), region("Auskunft", card("Keine Kennzahl", empty(UNKNOWN)))])
    return _one(services, viewer, cut, saved="gespeichert" in params)


def register(app: Any, services: Services) -> None:
    """The forms are plain posts; what they say is decided behind them."""
    add_proposal_routes(app, services)


def shows(services: Services, viewer: Viewer) -> frozenset[str]:
    """Figures the page shows because settings or proposals name them."""
    return waiting_metrics(services, viewer)


def _all(services: Services, viewer: Viewer) -> Component:
    today = services.snapshot().business_date
    proposals = proposals_for(services, viewer)
    leads = leads_of(services, viewer, today)
    figures = rated_figures(services, viewer, leads, proposals, today)
    owners = {metric: target.owner for metric, target in services.catalog.targets.items()}
    points = decisions(proposals, figures, today, owners=owners)
    sentence = messages_entscheidungen.situation([point.rating for point in points])
    head = page_head(
        "Was braucht eine Entscheidung?", bold=sentence.bold, rest=sentence.rest, actions=[print_action()]
    )
    body = point_list(points) if points else empty(messages_entscheidungen.NOTHING)
    subtitle = messages_entscheidungen.count_words(len(points), len(points)) if points else ""
    return html.Div([head, region("Punkte", card("Offene Punkte", body, subtitle=subtitle))])


def _one(services: Services, viewer: Viewer, cut: Cut, *, saved: bool) -> Component:
    found = proposals_for(services, viewer, cut)
    names = names_of(services, {p.author for p in found})
    told = [info_bar("Gespeichert. Der Stand gilt sofort.")] if saved else []
    parts = [cell(5, _writing(services, viewer, cut, found))]
    if found and may_resolve(viewer) and not found[-1].decided:
        parts = [cell(5, _deciding(services, cut, found[-1]))]
    versions = card("Fassungen", versions_table(found, names, services.settings.zone), flush=True)
    return html.Div(
        [_head(services, viewer, cut), *told, region("Vorschlag", grid(*parts, cell(7, versions)))],
        className="proposal-page",
    )


def _head(services: Services, viewer: Viewer, cut: Cut) -> Component:
    definition = services.catalog.metric(cut.metric).definition
    target = services.catalog.targets.get(cut.metric)
    unit = units(services, viewer).get(cut.unit, cut.unit)
    label = f"{definition.number} {definition.label}{f', {unit}' if unit else ''}"
    try:
        total = services.query(viewer, cut.metric, where=cut_where(services, viewer, cut) or None).total
    except IsekError:
        total = None
    value = formats.hidden(definition) if total and total.suppressed else None
    shown = value or amount(total.value if total else None, definition.unit, definition.decimals)
    rating = texts.RATING_WORDS[total.rating if total else "neu"]
    owner = f"Verantwortlich: {target.owner}." if target else ""
    return page_head(
        PAGE.title,
        bold=f"{label}: {shown}, {rating}.",
        rest=owner,
        actions=[link_action("Alle Punkte", PROPOSE), print_action()],
    )


def _writing(services: Services, viewer: Viewer, cut: Cut, found: list[Proposal]) -> Component:
    if not may_propose(services, viewer, cut):
        return card("Vorschlag schreiben", empty(READ_ONLY))
    last = found[-1] if found else None
    today = services.snapshot().business_date
    over = last is not None and (last.decided is not None or last.due_on < today)
    present = None if over else last
    title = "Vorschlag ändern" if present else "Vorschlag schreiben"
    hidden = _hidden(cut, last) | {"neu": "1" if over else ""}
    owners = sorted(set(units(services, viewer).values()))
    return card(
        title, proposal_form(SAVE, hidden, present, owners), subtitle="Jede Änderung ist eine neue Fassung"
    )


def _deciding(services: Services, cut: Cut, last: Proposal) -> Component:
    today = formats.day(services.snapshot().business_date)
    form = resolution_form(RESOLVE, _hidden(cut, last), today)
    return card("Zur Kenntnis nehmen oder beschließen", [html.P(last.title, className="point-title"), form])


def _hidden(cut: Cut, last: Proposal | None) -> dict[str, str]:
    session = current_session() if has_request_context() else None
    return {
        "csrf": session.csrf if session else "",
        "nummer": secrets.token_urlsafe(24),
        "kennzahl": cut.metric,
        "einheit": cut.unit,
        "grundlage": str(last.entry) if last else "",
    }
