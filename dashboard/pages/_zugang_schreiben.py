"""Forms and routes of the tokens: create one, withdraw one. The guard has checked session and origin."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from dash import dcc, html
from dash.development.base_component import Component
from flask import abort, has_request_context, make_response, redirect, request

from dashboard import formats
from dashboard.auth.forms import Forms
from dashboard.auth.guard import current_session, current_viewer, form_token, same_token
from dashboard.auth.retry import Field, Retry, faulty
from dashboard.auth.rights import ALL_COCKPITS
from dashboard.auth.sessions import utc_now
from dashboard.auth.tokens import DEFAULT_DAYS, MOST_DAYS, Tokens
from dashboard.auth.viewer import Viewer
from dashboard.components.attributes import aria
from dashboard.components.icon import icon
from dashboard.figure_rights import own_units
from warehouse.errors import ContractError

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    from dashboard.services import Services
    from warehouse.ledger import Token

PATH, WITHDRAW = "/zugang", "/zugang/zurueckziehen"
LONGEST_NAME = 60
MOST_UNITS = 100
TITLE = "Token nicht angelegt"
NO_NAME = "Bitte geben Sie einen Namen an, an dem Sie das Programm erkennen."
BAD_DAYS = f"Bitte geben Sie eine Zahl von 1 bis {MOST_DAYS} an."
BAD_UNITS = "Eine der Einheiten gehört nicht zu Ihrem Bereich."
TWICE = "Dieses Formular wurde schon gesendet. Das Token wurde dabei einmal angezeigt."
TOO_MANY = "Sie haben schon 20 gültige Token. Bitte ziehen Sie zuerst eines zurück."


def new_form(choices: Sequence[tuple[str, str]]) -> Component:
    """Name, days and optional units; `choices` are ids and names of the units the person may see."""
    number: Any = "number"
    days_hint = f"1 bis {MOST_DAYS}. Danach gilt das Token nicht mehr."
    days = dcc.Input(
        id="zugang-tage", name="tage", type=number, value=DEFAULT_DAYS, min=1, max=MOST_DAYS, required=True
    )
    name = dcc.Input(id="zugang-name", name="name", type="text", maxLength=LONGEST_NAME, required=True)
    send = html.Button(
        [icon("plus", small=True), html.Span("Token anlegen")],
        type="submit",
        className="button button-primary",
    )
    fields = [
        _field("zugang-name", "Name", "Wofür ist es? Zum Beispiel: Excel Monatsbericht.", name),
        _field("zugang-tage", "Gültig für Tage", days_hint, days),
        *_unit_fields(choices),
    ]
    hidden = _hidden(nummer=secrets.token_urlsafe(24))
    return html.Form([*hidden, *fields, html.P(send)], action=PATH, method="POST", className="entry-form")


def _field(field_id: str, label: str, hint: str, field: Component) -> Component:
    told = html.P(hint, id=f"{field_id}-hinweis", className="field-hint")
    for name, value in aria(describedby=f"{field_id}-hinweis").items():
        setattr(field, name, value)
    return html.Div([html.Label(label, htmlFor=field_id), told, field], className="field")


def _unit_fields(choices: Sequence[tuple[str, str]]) -> list[Component]:
    if len(choices) < 2:
        return []
    kind: Any = "checkbox"
    items = [
        html.Li(
            [
                dcc.Input(id=f"zugang-{unit}", name="einheit", type=kind, value=unit),
                html.Label(words, htmlFor=f"zugang-{unit}"),
            ]
        )
        for unit, words in choices
    ]
    hint = html.P(
        "Ohne Auswahl gilt das Token für alles, was Sie jeweils selbst sehen.", className="field-hint"
    )
    words = "Auf Einheiten beschränken (freiwillig)"
    group = html.Fieldset(
        [html.Legend(words, className="visually-hidden"), hint, html.Ul(items, className="unit-choice")]
    )
    return [html.Details([html.Summary(words, className="unit-open"), group])]


def withdraw_form(token: Token) -> Component:
    """The button that ends a token."""
    spoken = html.Span(f": {token.name}", className="visually-hidden")
    button = html.Button(["Zurückziehen", spoken], type="submit", className="link-button")
    return html.Form(
        [*_hidden(token=token.id), button], action=WITHDRAW, method="POST", className="inline-form"
    )


def _hidden(**fields: str) -> list[Component]:
    session = current_session() if has_request_context() else None
    told = {"csrf": session.csrf, **fields} if session else fields
    return [dcc.Input(type="hidden", name=name, value=value) for name, value in told.items()]


def add_token_routes(app: Any, services: Services) -> None:
    """Add the two routes to the server."""
    forms = Forms.of(services.settings)

    def create() -> BaseResponse:
        return _create(services, forms, _sender())

    def withdraw() -> BaseResponse:
        viewer = _sender()
        token = request.form.get("token", "")[:64]
        if not services.ledger.withdraw_token(token, account_id=viewer.account_id, at=utc_now()):
            abort(404, "token of somebody else, or none")
        return redirect(PATH, code=303)

    app.server.add_url_rule(PATH, "token_create", create, methods=["POST"])
    app.server.add_url_rule(WITHDRAW, "token_withdraw", withdraw, methods=["POST"])


def _sender() -> Viewer:
    viewer = current_viewer()
    if viewer.role not in ALL_COCKPITS or not same_token(form_token(), request.form.get("csrf")):
        abort(403)
    return viewer


def _create(services: Services, forms: Forms, viewer: Viewer) -> BaseResponse:
    sent = {name: request.form.get(name, "").strip()[:200] for name in ("name", "tage", "nummer")}
    units = _units_sent()
    if not 16 <= len(sent["nummer"]) <= 64:
        abort(400)
    faults = _faults(sent)
    if not set(units) <= (own_units(services, viewer) if units else set()):
        return make_response(forms.message(TITLE, BAD_UNITS), 422)
    if faults:
        return make_response(_again(forms, sent, units, faults), 422)
    try:
        secret, kept = Tokens(services.ledger).issue(
            viewer, name=sent["name"], days=int(sent["tage"]), units=units or None, number=sent["nummer"]
        )
    except ContractError as error:
        words = {"sent_twice": TWICE, "too_many_tokens": TOO_MANY}
        if error.code not in words:
            raise
        return make_response(forms.message(TITLE, words[error.code]), 409)
    until = formats.day(kept.expires_at.astimezone(services.settings.zone).date())
    return make_response(_shown_once(forms, secret, kept.name, until))


def _units_sent() -> tuple[str, ...]:
    """Units as boxes send them, one by one, or as the form that is sent again does, in one field."""
    sent = (unit for field in request.form.getlist("einheit") for unit in field.split(","))
    return tuple(dict.fromkeys(unit for unit in sent if unit))[:MOST_UNITS]


def _faults(sent: dict[str, str]) -> dict[str, str]:
    found = {}
    if not sent["name"] or len(sent["name"]) > LONGEST_NAME or not sent["name"].isprintable():
        found["name"] = NO_NAME
    days = sent["tage"]
    if not (days.isascii() and days.isdecimal() and len(days) <= 3 and 1 <= int(days) <= MOST_DAYS):
        found["tage"] = BAD_DAYS
    return found


def _again(forms: Forms, sent: dict[str, str], units: Sequence[str], faults: dict[str, str]) -> str:
    """What was typed, to be sent again."""
    hidden = {"csrf": form_token(), "nummer": sent["nummer"], "einheit": ",".join(units)}
    fields = (
        Field("name", "Name", sent["name"], LONGEST_NAME, fault=faults.get("name", "")),
        Field("tage", "Gültig für Tage", sent["tage"], 3, fault=faults.get("tage", "")),
    )
    return faulty(forms, TITLE, Retry(PATH, hidden, fields, PATH), {})


def _shown_once(forms: Forms, secret: str, name: str, until: str) -> str:
    """The answer to the form itself: the token stands in no address and in no page that is kept."""
    body = f"""<p><label for="token">Token „{escape(name)}“, gültig bis {escape(until)}</label>
<textarea id="token" rows="2" spellcheck="false" readonly autofocus>{escape(secret)}</textarea></p>
<p>Kopieren Sie es jetzt. Es wird nur dieses eine Mal gezeigt.</p>
<p class="vorraum-hinweis">Wer das Token hat, liest Zahlen in Ihrem Namen. Legen Sie es in die Anmeldedaten
des Programms, nicht in eine Datei, die Sie weitergeben.</p>
<p><a href="{PATH}">Zurück zu „Zugang für Programme“</a></p>"""
    return forms.page("Token angelegt", body)
