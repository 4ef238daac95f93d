"""Forms about saved views: keep, rename and share, buttons that act at once, pins.

Every form carries the token of the session and a number of its own, so that a double click counts once.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component
from flask import has_request_context

from dashboard.auth.guard import current_session
from dashboard.auth.viewer import ROLE_LABELS
from dashboard.components.icon import icon
from dashboard.components.proposal import hidden_fields
from warehouse.ledger import ViewVersion
from warehouse.ledger.views import LONGEST_NAME, LONGEST_NOTE, OWN, ROLE

SAVE, CHANGE, WITHDRAW = "/ansichten/speichern", "/ansichten/aendern", "/ansichten/zuruecknehmen"
PROPOSE, DECIDE, END = "/ansichten/vorschlagen", "/ansichten/entscheiden", "/ansichten/beenden"
PIN, UNPIN, MOVE = "/mein-cockpit/anheften", "/mein-cockpit/loesen", "/mein-cockpit/verschieben"
HINT = "Bitte keine Namen von Personen nennen."


def token_fields(**more: str) -> dict[str, str]:
    """Token of the session and number of the form, with what else is sent along unseen."""
    session = current_session() if has_request_context() else None
    return {
        "csrf": session.csrf if session else "",
        "nummer": secrets.token_urlsafe(24),
        **{name: value for name, value in more.items() if value},
    }


def save_form(question: str, name: str) -> Component:
    """„Diese Ansicht speichern“ with a name; `question` is the explorer's address, its query only."""
    field = text_field("ansicht-name", "name", "Name der Ansicht", name, LONGEST_NAME)
    body = [
        *hidden_fields(token_fields(frage=question)),
        field,
        button("Diese Ansicht speichern", primary=True),
    ]
    return html.Form(body, action=SAVE, method="POST", className="entry-form view-form view-save")


def change_form(present: ViewVersion, audiences: Sequence[str]) -> Component:
    """Name, note and for whom; a change is a new version."""
    hidden = token_fields(ansicht=present.view, fassung=str(present.version))
    note = dcc.Textarea(
        id="ansicht-notiz", name="notiz", value=present.note, maxLength=LONGEST_NOTE, rows=3,
        className="field area",
    )  # fmt: skip
    label = f"Notiz (freiwillig, höchstens {LONGEST_NOTE} Zeichen). {HINT}"
    body = [
        *hidden_fields(hidden),
        text_field("ansicht-name", "name", "Name", present.name, LONGEST_NAME),
        html.Div([html.Label(label, htmlFor="ansicht-notiz"), note]),
        choice(
            "ansicht-fuer", "fuer", "Für wen", [(a, audience_name(a)) for a in audiences], present.audience
        ),
        button("Änderung speichern", primary=True),
    ]
    return html.Form(body, action=CHANGE, method="POST", className="entry-form view-form")


def decline_form(view_id: str, version: int, longest: int) -> Component:
    """Decline a proposal with the reason its owner will read."""
    hidden = token_fields(ansicht=view_id, fassung=str(version), art="ablehnen")
    body = [
        *hidden_fields(hidden),
        text_field(f"grund-{view_id}", "grund", "Grund, falls abgelehnt", "", longest),
        button("Ablehnen"),
    ]
    return html.Form(body, action=DECIDE, method="POST", className="entry-form view-form view-decline")


def pin_form(view_id: str, units: Sequence[tuple[str, str]], back: str) -> Component:
    """Pin a view for an organisation unit of the viewer's."""
    hidden = token_fields(ansicht=view_id, zurueck=back)
    body = [
        *hidden_fields(hidden),
        choice("ansicht-einheit", "einheit", "Auf das Cockpit einer Einheit", units),
        button("Dort anheften"),
    ]
    return html.Form(body, action=PIN, method="POST", className="entry-form view-form")


def act(
    action: str, label: str, spoken: str, fields: Mapping[str, str], *, shape: str = "", look: str = "button"
) -> Component:
    """One button that acts at once; `spoken` says about what, for those who do not see the row."""
    words: list[Component] = [icon(shape, small=True)] if shape else []
    words += [html.Span(label), html.Span(f" {spoken}", className="visually-hidden")]
    body = [*hidden_fields(token_fields(**fields)), html.Button(words, type="submit", className=look)]
    return html.Form(body, action=action, method="POST", className="inline-form")


def audience_name(audience: str) -> str:
    """Words of a choice: „nur für mich“, „alle mit der Rolle Controlling“."""
    if audience == OWN:
        return "nur für mich"
    role = audience.removeprefix(ROLE)
    return f"alle mit der Rolle {ROLE_LABELS.get(role, role)}"


def button(label: str, *, primary: bool = False) -> Component:
    """Button that sends its form."""
    return html.Button(label, type="submit", className=f"button{' button-primary' if primary else ''}")


def text_field(field_id: str, name: str, label: str, value: str, longest: int) -> Component:
    """One line of text that has to be filled in."""
    field = dcc.Input(
        id=field_id, name=name, value=value, maxLength=longest, required=True, autoComplete="off",
        className="field",
    )  # fmt: skip
    return html.Div([html.Label(label, htmlFor=field_id), field])


def choice(
    field_id: str, name: str, label: str, options: Sequence[tuple[str, str]], present: str | None = None
) -> Component:
    """A native list; the present value comes first."""
    ordered = sorted(options, key=lambda option: option[0] != present) if present else options
    items: list[Any] = [html.Option(words, value=value) for value, words in ordered]
    field = html.Select(items, id=field_id, name=name, className="field")
    return html.Div([html.Label(label, htmlFor=field_id), field])
