"""The form that reports a barrier and the route behind it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from dash import dcc, html
from dash.development.base_component import Component
from flask import abort, has_request_context, redirect, request

from dashboard.auth.guard import current_session, current_viewer, form_token, same_token
from dashboard.auth.sessions import utc_now
from dashboard.auth.throttle import WINDOW, wait_until
from dashboard.auth.viewer import Viewer
from dashboard.components.address import address
from dashboard.components.attributes import aria, data
from dashboard.components.icon import icon
from dashboard.jobs.barrier import LONGEST_LINE, LONGEST_TEXT, Report, keep_report, mail_later

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    from dashboard.services import Services

PATH = "/barriere-melden"
PAGE_FIELD, TEXT_FIELD, AID_FIELD = "seite", "beschreibung", "hilfsmittel"
DONE, PROBLEM = "gemeldet", "fehler"
EMPTY, TOO_MANY = "leer", "zu-viele"
FREE_REPORTS = 5
PAGE_HINT = "Bitte ändern, falls es um eine andere Seite geht."
AID_HINT = "Zum Beispiel Screenreader, Vergrößerung, Sprachsteuerung."


def report_form(page: str, problem: str | None) -> Component:
    """Three labelled fields; what is typed stays in this tab until it has been sent (portal.js)."""
    session = current_session() if has_request_context() else None
    token = [dcc.Input(type="hidden", name="csrf", value=session.csrf)] if session else []
    send = html.Button(
        [icon("right", small=True), html.Span("Barriere melden")],
        type="submit",
        className="button button-primary",
    )
    fields = [
        _line("barriere-seite", PAGE_FIELD, "Adresse der Seite", PAGE_HINT, page),
        _text(problem == EMPTY),
        _line("barriere-hilfsmittel", AID_FIELD, "Hilfsmittel (freiwillig)", AID_HINT, ""),
    ]
    return html.Form(
        [*token, *fields, html.P(send)],
        action=PATH,
        method="POST",
        className="entry-form",
        **data(draft="barriere"),
    )


def _line(field_id: str, name: str, label: str, hint: str, value: str) -> Component:
    field = dcc.Input(id=field_id, name=name, type="text", value=value, maxLength=LONGEST_LINE)
    return _field(field_id, label, hint, field)


def _text(missing: bool) -> Component:
    field_id = "barriere-text"
    more = aria(describedby=f"{field_id}-hinweis {field_id}-fehler", invalid=True) if missing else {}
    field = html.Textarea(
        id=field_id,
        name=TEXT_FIELD,
        rows=6,
        maxLength=LONGEST_TEXT,
        required=True,
        **{**aria(describedby=f"{field_id}-hinweis"), **more},
    )
    hint = "Was wollten Sie tun, was ging nicht?"
    problem = "Bitte beschreiben Sie die Barriere in einem Satz." if missing else ""
    return _field(field_id, "Beschreibung (Pflichtfeld)", hint, field, problem)


def _field(field_id: str, label: str, hint: str, field: Component, problem: str = "") -> Component:
    parts: list[Component] = [
        html.Label(label, htmlFor=field_id),
        html.P(hint, id=f"{field_id}-hinweis", className="field-hint"),
        field,
    ]
    if problem:
        parts.append(html.P(problem, id=f"{field_id}-fehler", className="field-problem"))
    return html.Div(parts, className="field")


def add_report_route(app: Any, services: Services) -> None:
    """Add the route that takes a report; the guard has checked session and origin before it is reached."""

    def send() -> BaseResponse:
        viewer = current_viewer()
        if not same_token(form_token(), request.form.get("csrf")):
            abort(403)
        form = {name: request.form.get(name, "") for name in (PAGE_FIELD, TEXT_FIELD, AID_FIELD)}
        return redirect(take_report(services, viewer, form, utc_now()), code=303)

    app.server.add_url_rule(PATH, "report_barrier", send, methods=["POST"])


def take_report(services: Services, viewer: Viewer, form: dict[str, str], now: datetime) -> str:
    """Keep and mail one report; return the address that says what became of it."""
    page, text = form[PAGE_FIELD].strip()[:LONGEST_LINE], form[TEXT_FIELD].strip()[:LONGEST_TEXT]
    if not text:
        return address(PATH, {}, **{PAGE_FIELD: page, PROBLEM: EMPTY})
    key = f"barrier:{viewer.account_id}"
    if wait_until(services.ledger.failures(key, now - WINDOW), free_tries=FREE_REPORTS, now=now):
        return address(PATH, {}, **{PAGE_FIELD: page, PROBLEM: TOO_MANY})
    services.ledger.add_failures([key], now)
    who = viewer.login or viewer.account_id
    report = Report(who, viewer.name or who, page, text, form[AID_FIELD].strip()[:LONGEST_LINE])
    number = keep_report(services.ledger, report)
    mail_later(services.settings, services.ledger, report, number)
    return address(PATH, {}, **{PAGE_FIELD: page, DONE: number})
