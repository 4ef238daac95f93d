"""Barriere melden: a form that reaches the people who can remove the barrier."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dash import html
from dash.development.base_component import Component

from dashboard.auth.rights import EVERYBODY
from dashboard.auth.viewer import Viewer
from dashboard.components.icon import sign
from dashboard.components.layout import card, cell, grid, page_head, region, text_link
from dashboard.page import Page
from dashboard.pages._barriere_senden import (
    DONE,
    PAGE_FIELD,
    PATH,
    PROBLEM,
    TOO_MANY,
    add_report_route,
    report_form,
)

if TYPE_CHECKING:
    from dashboard.services import Services
    from dashboard.settings import Settings

PAGE = Page("barriere", PATH, "Barriere melden", "Fuß", "info", EVERYBODY, 920)
LEAD = "Sagen Sie uns, was nicht geht."
REST = "Eine Angabe genügt: was Sie tun wollten und woran es scheiterte."
WAIT = "Sie haben eben mehrere Barrieren gemeldet. Bitte warten Sie eine Minute und senden Sie dann erneut."
_NUMBER = re.compile(r"[0-9A-F]{8}")


def layout(services: Services, viewer: Viewer, params: Mapping[str, str]) -> Component:
    """The form, or the confirmation with the number of the report."""
    del viewer
    done = params.get(DONE, "")
    body = _thanks(done, params) if _NUMBER.fullmatch(done) else _form(params)
    return html.Div(
        [
            page_head(PAGE.title, bold=LEAD, rest=REST),
            region("Meldung", grid(cell(7, body), cell(5, _what_happens(services.settings)))),
        ],
        className="stack",
    )


def _form(params: Mapping[str, str]) -> Component:
    problem = params.get(PROBLEM)
    told = [html.P([sign("warn"), " ", WAIT], role="alert")] if problem == TOO_MANY else []
    return card("Ihre Meldung", [*told, report_form(_page_of(params), problem)])


def _page_of(params: Mapping[str, str]) -> str:
    """The page the form was opened from; the form itself is no page somebody reports about."""
    asked = params.get(PAGE_FIELD, "")
    return "" if asked.startswith(PATH) or not asked.startswith("/") else asked


def _thanks(number: str, params: Mapping[str, str]) -> Component:
    back = _page_of(params)
    links = [html.Li(text_link("Zurück zur Seite", back))] if back and not back.startswith("//") else []
    words = html.P([sign("gut"), " Ihre Meldung ist gespeichert. Ihre Nummer: ", html.Strong(number), "."])
    again = html.Li(text_link("Weitere Barriere melden", PATH))
    return card("Danke", [html.Div(words, role="status"), html.Ul([*links, again], className="plain-list")])


def _what_happens(settings: Settings) -> Component:
    steps = [
        "Die Meldung wird mit Ihrem Namen im Protokoll des Portals gespeichert.",
        _mailed(settings),
        "Geantwortet werden soll innerhalb eines Monats.",
        "Ihre Eingaben bleiben in diesem Fenster, bis sie gesendet sind.",
    ]
    more = html.P(text_link("Erklärung zur Barrierefreiheit", "/barrierefreiheit"))
    return card(
        "Was mit der Meldung geschieht",
        [html.Ul([html.Li(step) for step in steps], className="bullet-list"), more],
    )


def _mailed(settings: Settings) -> str:
    if settings.mail is not None and settings.barrier_mail is not None:
        return f"Sie geht zugleich per E-Mail an {settings.barrier_mail}."
    return "Die Fachadministration findet sie dort; E-Mails verschickt dieses Portal nicht."


def register(app: Any, services: Services) -> None:
    """No callbacks; the form is a form."""
    add_report_route(app, services)
