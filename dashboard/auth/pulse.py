"""What an open page asks in the background: is there newer data, does a run go on, when does the session end.

Asking does not keep a session alive; only the person does, by pressing a key or the button.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, abort, jsonify, request

from dashboard.auth.guard import PULSE, STAY, current_session, same_token
from dashboard.auth.sessions import OpenSession, Sessions, utc_now

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse


@dataclass(frozen=True, slots=True)
class Pulse:
    """Two routes behind the guard; `snapshot` names the current one, `run` says what goes on."""

    sessions: Sessions
    snapshot: Callable[[], str | None]
    run: Callable[[], str]
    now: Callable[[], datetime] = utc_now

    def install(self, server: Flask) -> None:
        """Add the routes to the server."""
        server.add_url_rule(PULSE, "pulse", self.tell, methods=["GET"])
        server.add_url_rule(STAY, "stay", self.stay, methods=["POST"])

    def tell(self) -> Response:
        """Name of the current snapshot, words about a running run, seconds until the session ends."""
        return jsonify({"stand": self.snapshot(), "lauf": self.run(), **self._rest(_session())})

    def stay(self) -> BaseResponse:
        """Keep the session alive on behalf of the person in front of the page."""
        session = _session()
        if not same_token(session.csrf, request.form.get("csrf")):
            abort(403, "form token")
        return jsonify(self._rest(self.sessions.keep(session)))

    def _rest(self, session: OpenSession) -> dict[str, Any]:
        seconds = (session.ends_at - self.now()).total_seconds()
        return {"rest": max(0, int(seconds)), "verlaengerbar": session.can_stay}


def _session() -> OpenSession:
    session = current_session()
    if session is None:
        abort(401)
    return session
