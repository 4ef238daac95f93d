"""What people and programs see when something is refused or breaks: a sentence and a number, no traceback."""

from __future__ import annotations

import logging
import re
import secrets
from typing import TYPE_CHECKING

from dash.exceptions import DependencyException
from flask import Flask, Response, g, jsonify, make_response, request
from werkzeug.exceptions import HTTPException

from dashboard import live
from dashboard.api.problem import AGAIN_S, Problem, is_for_programs
from dashboard.auth.forms import Forms
from warehouse.errors import IsekError, RetriableError

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

log = logging.getLogger("isek.web")
_LINK = re.compile(r"(/anmelden/link/).+", re.DOTALL)

SENTENCES = {
    400: ("Anfrage nicht verstanden", "Die Anfrage passt zu keiner Seite des Portals."),
    401: ("Nicht angemeldet", "Bitte melden Sie sich an."),
    403: ("Keine Berechtigung", "Für diese Seite reicht Ihre Berechtigung nicht aus."),
    404: ("Seite nicht gefunden", "Unter dieser Adresse gibt es keine Seite."),
    405: ("Nicht vorgesehen", "Diese Art der Anfrage ist hier nicht vorgesehen."),
    413: ("Zu groß", "Die Anfrage ist zu groß."),
    415: ("Nicht vorgesehen", "Dieses Format der Anfrage ist hier nicht vorgesehen."),
    429: ("Zu viele Anfragen", "Bitte warten Sie einige Minuten."),
    503: ("Gerade nicht verfügbar", "Das Portal hat noch keinen veröffentlichten Stand oder wird gewartet."),
}
_PROGRAM_CODES = {404: "not_found", 405: "method", 500: "broken", 503: "not_available"}
BROKEN = ("Es ist ein Fehler aufgetreten", "Bitte nennen Sie der Fachadministration die Vorgangsnummer.")


def install_refusals(server: Flask, forms: Forms) -> None:
    """Register the handlers of all errors on the server."""

    def refuse(error: HTTPException) -> BaseResponse:
        code = error.code or 500
        if code < 400:
            return error.get_response()
        reason = error.description if error.description != type(error).description else ""
        log.info(
            "refused status=%s method=%s path=%r account=%s reason=%r",
            code, request.method, shown_path(), _account(), reason,
        )  # fmt: skip
        return _answer(forms, code, *SENTENCES.get(code, SENTENCES[400]), incident=None)

    def break_off(error: Exception) -> BaseResponse:
        incident = new_incident(error)
        status = 503 if isinstance(error, RetriableError) else 500
        title, sentence = SENTENCES[503] if status == 503 else BROKEN
        return _answer(forms, status, title, sentence, incident=incident)

    def miss(error: Exception) -> BaseResponse:
        # Dash answers 500 for a script that does not exist; a wrong address is no incident.
        del error
        return _answer(forms, 404, *SENTENCES[404], incident=None)

    server.register_error_handler(HTTPException, refuse)
    server.register_error_handler(DependencyException, miss)
    server.register_error_handler(Exception, break_off)


def new_incident(error: Exception) -> str:
    """Log an error once under a fresh number and return the number."""
    incident = secrets.token_hex(4).upper()
    live.note("incident")
    path, viewer = shown_path() if request else "-", _account()
    if isinstance(error, IsekError):
        log.error("incident=%s code=%s account=%s path=%r %s", incident, error.code, viewer, path, error)
    else:
        log.error("incident=%s account=%s path=%r", incident, viewer, path, exc_info=error)
    return incident


def shown_path() -> str:
    """Path of the request as the log may keep it: a one-time link that was never used is still a key."""
    return _LINK.sub(r"\1…", request.path)[:200]


def _account() -> str:
    if g and g.get("bearer"):
        return str(g.bearer.account.id)
    return g.session.viewer.account_id if g and g.get("session") else "-"


def _answer(forms: Forms, status: int, title: str, sentence: str, *, incident: str | None) -> Response:
    if is_for_programs(request.path):
        again = {"Retry-After": str(AGAIN_S)} if status == 503 else {}
        code = _PROGRAM_CODES.get(status, "not_understood")
        return Problem(status, sentence, code, incident=incident, headers=again).response()
    if request.path.startswith("/_dash-") or (request.method == "POST" and request.is_json):
        body = {"fehler": title, "satz": sentence, **({"vorgang": incident} if incident else {})}
        response = jsonify(body)
        response.status_code = status
        return response
    page = forms.message(title, sentence, incident=incident, home=status != 401)
    return make_response(page, status)
