"""GET /_suche?q=…: what fits, grouped by kind, for the signed-in person only."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request

from dashboard.auth.guard import SEARCH_PATH, current_viewer
from dashboard.page import PageModule
from dashboard.search.index import KINDS, index_of, own_entries
from dashboard.search.pace import Pace
from dashboard.search.ranking import Hits, find
from dashboard.texts import plural
from warehouse.errors import IsekError

if TYPE_CHECKING:
    from dashboard.services import Services

QUESTION = "q"
LONGEST_QUESTION = 100
MOST_BYTES = 4000
SLOWER = "Zu viele Anfragen in kurzer Zeit. Bitte einen Moment warten."


def install(server: Flask, services: Services, pages: Sequence[PageModule], pace: Pace | None = None) -> None:
    """Add the route; the guard in front of all routes has checked the session."""
    limit = pace or Pace()

    def search() -> Response:
        viewer = current_viewer()
        wait = limit.wait_s(viewer.account_id)
        if wait > 0:
            answer = _json({"satz": SLOWER, "gruppen": []})
            answer.status_code = 429
            answer.headers["Retry-After"] = str(math.ceil(wait))
            return answer
        with suppress(IsekError):
            services.pin()
        text = request.args.get(QUESTION, "")[:LONGEST_QUESTION]
        entries = (*index_of(services, viewer, pages), *own_entries(services, viewer, pages))
        return _json(answer_of(find(entries, text, KINDS), text))

    server.add_url_rule(SEARCH_PATH, "search", search, methods=["GET"])


def answer_of(hits: Hits, text: str) -> dict[str, Any]:
    """Return the sentence that is announced, and the groups; never longer than a few packets."""
    shown = list(hits.shown)
    while True:
        groups = [
            {"titel": kind, "treffer": [[e.title, e.note, e.href] for e in shown if e.kind == kind]}
            for kind in KINDS
        ]
        found = {
            "satz": sentence(len(shown), hits.total, text),
            "gruppen": [group for group in groups if group["treffer"]],
        }
        if len(_text(found).encode()) <= MOST_BYTES or not shown:
            return found
        shown.pop()


def sentence(shown: int, total: int, text: str) -> str:
    """„14 Treffer, 12 gezeigt.“, „Keine Treffer für „xyz“.“"""
    if not text.strip():
        return ""
    if total == 0:
        return f"Keine Treffer für „{' '.join(text.split())}“. Andere Wörter oder eine Nummer helfen weiter."
    words = plural(total, "Treffer", "Treffer")
    return f"{words}." if shown == total else f"{words}, {shown} gezeigt. Weitere Wörter grenzen ein."


def _json(found: dict[str, Any]) -> Response:
    return Response(_text(found), mimetype="application/json")


def _text(found: dict[str, Any]) -> str:
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))
