"""POST /explorer/abbrechen: ends what the session of the person asked under an address."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask, Response, abort, request

from dashboard.answers import read_address
from dashboard.auth.guard import current_session, same_token
from dashboard.explorer.cancel import cancel, key_of

if TYPE_CHECKING:
    from dashboard.services import Services

CANCEL = "/explorer/abbrechen"
ADDRESS = "adresse"


def install(server: Flask, services: Services) -> None:
    """Add the route; the form has the fields `csrf` and `adresse` (path and search as the browser shows)."""

    def stop() -> Response:
        session = current_session()
        if session is None:
            abort(401)
        if not same_token(session.csrf, request.form.get("csrf")):
            abort(403, "form token")
        try:
            parts = urlsplit(request.form.get(ADDRESS, ""))
        except ValueError:
            abort(400)
        path, params = read_address(parts.path, parts.query)
        cancel(services.settings.run_dir, key_of(session.id_hash, path, params))
        return Response(status=204)

    server.add_url_rule(CANCEL, "explorer_cancel", stop, methods=["POST"])
