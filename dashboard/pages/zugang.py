"""Zugang für Programme: personal tokens with which Excel, R or QGIS read what their owner may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from dash import html
from dash.development.base_component import Component
from flask import has_request_context, request

from dashboard import formats, texts
from dashboard.auth.rights import ALL_COCKPITS
from dashboard.auth.sessions import utc_now
from dashboard.auth.viewer import Viewer
from dashboard.components.icon import status
from dashboard.components.layout import card, page_head, region
from dashboard.components.states import empty
from dashboard.components.table import table
from dashboard.figure_rights import own_units, units
from dashboard.figures.chart import Column
from dashboard.page import Page
from dashboard.pages._zugang_anleitung import guide
from dashboard.pages._zugang_schreiben import PATH, add_token_routes, new_form, withdraw_form

if TYPE_CHECKING:
    from dashboard.services import Services
    from warehouse.ledger import Token

PAGE = Page("zugang", PATH, "Zugang für Programme", "Fuß", "lock", ALL_COCKPITS, 940)
REST = "Excel, R oder QGIS lesen damit dieselben Zahlen wie Sie selbst, nie mehr."
NONE_YET = "Sie haben noch kein Token angelegt."
HEADS = ("Name", "Bereich", "Angelegt", "Gültig bis", "Zuletzt benutzt", "Stand", "Aktion")
COLUMNS = tuple(Column(head) for head in HEADS)


def layout(services: Services, viewer: Viewer, params: Mapping[str, str]) -> Component:
    """The own tokens, a form for a new one, and how programs ask."""
    del params
    now = utc_now()
    found = services.ledger.tokens_of(viewer.account_id)
    valid = sum(token.is_open(now) for token in found)
    count = texts.plural(valid, "gültiges Token", "gültige Token", "Kein gültiges Token")
    shorts = units(services, viewer)
    choices = [(unit, short) for unit, short in shorts.items() if unit in own_units(services, viewer)]
    return html.Div(
        [
            page_head(PAGE.title, bold=f"{count}.", rest=REST),
            region("Token", _own(services, found, shorts, now)),
            region("Neues Token", card("Neues Token", new_form(sorted(choices, key=lambda item: item[1])))),
            region("Anleitung", guide(_base(services))),
        ],
        className="stack",
    )


def register(app: Any, services: Services) -> None:
    """Creating and withdrawing are forms."""
    add_token_routes(app, services)


def _base(services: Services) -> str:
    """Address of this portal as its people write it."""
    own = services.settings.web.public_url
    return own or (f"http://{request.host}" if has_request_context() else "http://localhost")


def _own(services: Services, found: Sequence[Token], shorts: Mapping[str, str], now: datetime) -> Component:
    if not found:
        return card("Ihre Token", empty(NONE_YET))
    rows = [_row(services, token, shorts, now) for token in found]
    return card("Ihre Token", table("Ihre Token", COLUMNS, rows), flush=True)


def _row(
    services: Services, token: Token, shorts: Mapping[str, str], now: datetime
) -> tuple[Component | str, ...]:
    zone = services.settings.zone
    chosen = [shorts.get(unit, unit) for unit in token.units or ()]
    used = formats.day(token.last_used_on) if token.last_used_on else "noch nie"
    return (
        token.name,
        ", ".join(chosen) or "alles, was Sie sehen",
        formats.day(token.created_at.astimezone(zone).date()),
        formats.day(token.expires_at.astimezone(zone).date()),
        used,
        _state(token, now),
        withdraw_form(token) if token.is_open(now) else "",
    )


def _state(token: Token, now: datetime) -> Component:
    if token.withdrawn_at is not None:
        return status("neu", "zurückgezogen")
    return status("gut", "gültig") if token.is_open(now) else status("neu", "abgelaufen")
