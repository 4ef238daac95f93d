"""„Lauf jetzt starten“: the form, the route behind it, and what is said until the run appears."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dash import dcc, html
from dash.development.base_component import Component
from flask import abort, has_request_context, redirect, request

from dashboard.auth.guard import current_session, current_viewer, form_token, same_token
from dashboard.auth.viewer import Viewer
from dashboard.components.address import address
from dashboard.components.icon import icon
from dashboard.jobs.start import start_refresh
from dashboard.settings import process_environment
from warehouse.errors import IsekError
from warehouse.ledger import Run

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    from dashboard.services import Services

START = "/laeufe/starten"
STARTERS = frozenset({"controlling", "verwaltung"})
STARTED = "angefordert"
REQUEST_SHOWN_S = 600


def start_form() -> Component:
    """A form, because starting a run changes something; the token comes from the session."""
    session = current_session() if has_request_context() else None
    token = [dcc.Input(type="hidden", name="csrf", value=session.csrf)] if session else []
    words = [icon("refresh", small=True), html.Span("Lauf jetzt starten")]
    button = html.Button(words, type="submit", className="button button-primary")
    return html.Form([*token, button], action=START, method="POST")


def is_requested(moment: str | None, runs: Sequence[Run]) -> bool:
    """Whether a request of the last minutes has not become a run yet."""
    if moment is None or not moment.isdecimal() or len(moment) > 12:
        return False
    age = time.time() - int(moment)
    newest = runs[0].started_at.timestamp() if runs else 0.0
    return 0 <= age < REQUEST_SHOWN_S and newest < int(moment)


def add_start_route(app: Any, services: Services, page_path: str) -> None:
    """Add the route that starts a run; the guard has checked session and origin before it is reached."""

    def start() -> BaseResponse:
        viewer = current_viewer()
        if viewer.role not in STARTERS or not same_token(form_token(), request.form.get("csrf")):
            abort(403)
        return redirect(request_run(services, viewer, page_path), code=303)

    app.server.add_url_rule(START, "start_run", start, methods=["POST"])


def request_run(services: Services, viewer: Viewer, page_path: str) -> str:
    """Start a run on behalf of a person, note it in the audit trail, return where to go."""
    who = viewer.login or viewer.account_id
    try:
        pid = start_refresh(services.settings, process_environment())
    except IsekError as error:
        services.ledger.record(who, "run.request_refused", {"reason": error.code})
        return page_path
    services.ledger.record(who, "run.requested", {"pid": pid, "role": viewer.role})
    return address(page_path, {}, angefordert=str(int(time.time())))
