"""The routes of `/api/v1`: tokens instead of sessions, reading only, every refusal in one shape."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, g, request

from dashboard.api import catalogue
from dashboard.api.answer import About, json_answer, json_only
from dashboard.api.document import document
from dashboard.api.exploration import exploration
from dashboard.api.figure import figure
from dashboard.api.parameter import Asked
from dashboard.api.problem import (
    API,
    Problem,
    RefusedError,
    about,
    refused,
    too_many,
    unauthorised,
)
from dashboard.api.record import record_page
from dashboard.auth.tokens import Bearer, Tokens
from dashboard.explorer.turn import HeavyTurns
from dashboard.lane import WAIT_S, BusyError
from dashboard.search.pace import Pace
from dashboard.services import require_data_access
from warehouse.errors import IsekError

if TYPE_CHECKING:
    from dashboard.auth.viewer import Viewer
    from dashboard.services import Services

log = logging.getLogger("isek.web")
VERSION = f"{API}/v1"
DOCUMENT = f"{VERSION}/openapi.json"
PROGRAMS = "isek.programs"
METHODS = ("GET", "HEAD")
LONGEST_ADDRESS = 4000
# Requests of one token in a while; see dashboard.search.pace.
REQUESTS, WINDOW_S = 120, 60.0
View = Callable[..., Response]


class Programs:
    """Decides about each request of a program and answers it; bound to one server.

    turns: of heavy questions, shared with the pages of the process.
    """

    def __init__(self, services: Services, tokens: Tokens, turns: HeavyTurns) -> None:
        self._services, self._tokens = services, tokens
        self.pace, self._turns = Pace(REQUESTS, WINDOW_S), turns

    def check(self) -> Response | None:
        """Answer instead of the route, or let it through. A session or its cookie counts for nothing here."""
        if request.method not in METHODS:
            detail = "Die Schnittstelle liest nur: GET und HEAD."
            return Problem(405, detail, "method", headers={"Allow": ", ".join(METHODS)}).response()
        if len(request.path) + len(request.query_string) > LONGEST_ADDRESS:
            allowed = f"höchstens {LONGEST_ADDRESS} Zeichen"
            return Problem(414, "Die Adresse ist zu lang.", "address_too_long", allowed=allowed).response()
        if request.path == DOCUMENT:
            return None
        bearer = self._tokens.read(_secret())
        if bearer is None:
            return unauthorised().response()
        wait_s = self.pace.wait_s(bearer.token.id)
        if wait_s:
            return too_many("Mit diesem Token wurde in kurzer Zeit sehr viel gefragt.", wait_s).response()
        g.bearer = bearer
        return None

    def install(self, server: Flask) -> None:
        """Add the routes to the server; what is none of them is a 404 in the same shape."""
        places: tuple[tuple[str, str, View], ...] = (
            (f"{VERSION}/metrics", "metrics", self._metrics),
            (f"{VERSION}/metrics/<metric_id>", "metric", self._metric),
            (f"{VERSION}/lists", "lists", self._lists),
            (f"{VERSION}/lists/<list_id>", "list", self._list),
            (f"{VERSION}/explore", "explore", self._explore),
            (f"{VERSION}/status", "status", self._status),
            (API, "root", _nowhere),
            (f"{API}/<path:rest>", "elsewhere", _nowhere),
        )
        for rule, name, view in places:
            server.add_url_rule(
                rule, f"api_{name}", _told(view), methods=["GET"], provide_automatic_options=False
            )
        server.add_url_rule(
            DOCUMENT, "api_document", _told(_document), methods=["GET"], provide_automatic_options=False
        )

    def _viewer(self) -> Viewer:
        """The viewer of this request: role and units of the account at this moment, narrowed by the token."""
        bearer: Bearer = g.bearer
        viewer = bearer.viewer(self._services.pin)
        require_data_access(viewer)
        return viewer

    def _metric(self, metric_id: str) -> Response:
        viewer = self._viewer()
        self._services.pin()
        return self._in_turn(lambda: figure(self._services, viewer, metric_id))

    def _list(self, list_id: str) -> Response:
        viewer = self._viewer()
        self._services.pin()
        told = self._about(viewer, list_id)
        return self._in_turn(lambda: record_page(self._services, viewer, list_id, told))

    def _explore(self) -> Response:
        viewer = self._viewer()
        self._services.pin()
        return self._in_turn(lambda: exploration(self._services, viewer))

    def _metrics(self) -> Response:
        return self._plain(lambda: catalogue.metric_list(self._services))

    def _lists(self) -> Response:
        return self._plain(lambda: catalogue.list_list(self._services))

    def _status(self) -> Response:
        viewer = self._viewer()
        return self._plain(lambda: catalogue.state(self._services.standing(viewer)))

    def _plain(self, body: Callable[[], dict[str, Any]]) -> Response:
        """An answer without parameters and without figures."""
        viewer = self._viewer()
        json_only(Asked.read(request.args, ()))
        self._services.pin()
        return json_answer(body(), self._about(viewer, "status"))

    def _about(self, viewer: Viewer, name: str) -> About:
        return catalogue.about_all(self._services.standing(viewer), name)

    def _in_turn(self, answer: Callable[[], Response]) -> Response:
        bearer: Bearer = g.bearer
        try:
            with self._turns.of_program(bearer.account.id):
                response = answer()
        except BusyError as error:
            if error.own:
                raise RefusedError(too_many("Ihre vorige Frage wird noch gerechnet.", 1)) from None
            detail = "Gerade werden mehrere große Fragen gerechnet."
            raise RefusedError(too_many(detail, WAIT_S, 503)) from None
        log.info(
            "api token=%s account=%s path=%r status=%s bytes=%s",
            bearer.token.id, bearer.account.id, request.path[:200], response.status_code,
            response.calculate_content_length(),
        )  # fmt: skip
        return response


def install(server: Flask, services: Services, turns: HeavyTurns) -> Callable[[], Response | None]:
    """Add the interface to a server; return what the guard asks about each of its requests."""
    programs = Programs(services, Tokens(services.ledger), turns)
    programs.install(server)
    server.extensions[PROGRAMS] = programs
    return programs.check


def _secret() -> str | None:
    """The token of a request: as Bearer, or as password of Basic, which is what Excel and QGIS can send."""
    given = request.authorization
    if given is None:
        return None
    return given.token if given.type == "bearer" else given.password


def _told(view: View) -> View:
    """Turn what is raised into an answer of the one shape; what is our own fault stays an incident."""

    @wraps(view)
    def answer(**parts: str) -> Response:
        try:
            return view(**parts)
        except RefusedError as error:
            return error.problem.response()
        except IsekError as error:
            problem = about(error)
            if problem is None:
                raise
            return problem.response()

    return answer


def _document() -> Response:
    json_only(Asked.read(request.args, ()))
    return json_answer(document())


def _nowhere(rest: str = "") -> Response:
    del rest
    raise refused(404, "Unter dieser Adresse gibt es nichts.", "not_found", next_step=f"Siehe {DOCUMENT}")
