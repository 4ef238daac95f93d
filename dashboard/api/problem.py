"""What programs are told when something is refused or breaks: one shape (RFC 9457), a German sentence."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Response

from warehouse.errors import AccessError, ConfigError, IsekError, RetriableError, readable

API = "/api"
MIMETYPE = "application/problem+json"
TITLES = {
    400: "Anfrage nicht verstanden",
    401: "Kein gültiges Token",
    403: "Keine Berechtigung",
    404: "Nicht gefunden",
    405: "Nicht vorgesehen",
    406: "Format nicht vorgesehen",
    413: "Zu groß",
    414: "Adresse zu lang",
    422: "Frage nicht beantwortbar",
    429: "Zu viele Anfragen",
    500: "Es ist ein Fehler aufgetreten",
    503: "Gerade nicht verfügbar",
}
BROKEN = "Bitte nennen Sie der Fachadministration die Vorgangsnummer."
AGAIN_S = 30
LONGEST_FOUND = 200
# What the door says about a question belongs to who asked it; other errors speak about the house.
ABOUT_THE_QUESTION = frozenset(
    {
        *("unknown_dimension", "no_breakdown", "choose_one", "bad_period", "bad_text", "other_tree"),
        *("other_population", "unknown_dataset", "bad_address"),
    }
)
UNKNOWN = frozenset({"unknown_metric", "unknown_list"})
TOO_HEAVY = frozenset({"query_timeout", "query_memory"})


def is_for_programs(path: str) -> bool:
    """Whether a path belongs to the interface for programs."""
    return path == API or path.startswith(f"{API}/")


@dataclass(frozen=True, slots=True)
class Problem:
    """One refusal; `retry_s` says when to ask again, `allow` which methods there are."""

    status: int
    detail: str
    code: str
    found: str | None = None
    allowed: str | None = None
    next_step: str | None = None
    incident: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        """The answer to send."""
        told = {
            "type": f"urn:isek:{self.code.replace('_', '-')}",
            "title": TITLES.get(self.status, TITLES[400]),
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "found": readable(self.found)[:LONGEST_FOUND] if self.found else None,
            "allowed": self.allowed,
            "next": self.next_step,
            "incident": self.incident,
        }
        body = json.dumps(
            {name: value for name, value in told.items() if value is not None}, ensure_ascii=False
        )
        return Response(body, self.status, mimetype=MIMETYPE, headers=dict(self.headers))


class RefusedError(Exception):
    """A request that is not answered; carries what its program is told."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem


def refused(
    status: int,
    detail: str,
    code: str,
    *,
    found: str | None = None,
    allowed: str | None = None,
    next_step: str | None = None,
) -> RefusedError:
    """Return an error to raise."""
    return RefusedError(Problem(status, detail, code, found, allowed, next_step))


def unauthorised() -> Problem:
    """Every way not to have a valid token is the same answer."""
    return Problem(
        401,
        "Das Token fehlt, ist unbekannt, abgelaufen oder zurückgezogen.",
        "no_token",
        next_step="Token senden als „Authorization: Bearer isek_…“, anzulegen auf „Zugang für Programme“",
        headers={"WWW-Authenticate": 'Bearer realm="isek"'},
    )


def too_many(detail: str, wait_s: float, status: int = 429) -> Problem:
    """Asked too much or too heavily; Retry-After in whole seconds, as spreadsheets read it."""
    code = "too_many_requests" if status == 429 else "busy"
    return Problem(status, detail, code, headers={"Retry-After": str(max(1, round(wait_s)))})


def about(error: IsekError) -> Problem | None:
    """What a program may read about an error of the house; None when it is an incident of ours.

    `where` is never told: it names files and folders of the town.
    """
    found = None if error.found is None else str(error.found)
    detail = f"{error.what}."
    if isinstance(error, ConfigError) and error.code in UNKNOWN:
        return Problem(404, detail, error.code, next_step=error.next_step)
    if isinstance(error, AccessError) and error.code == "no_data_access":
        return Problem(403, "Mit dieser Rolle gibt es keine Zahlen.", error.code)
    told = isinstance(error, AccessError) or (
        isinstance(error, ConfigError) and error.code in ABOUT_THE_QUESTION
    )
    if told:
        # Not 403: spreadsheets take that for a wrong password and ask for another one.
        return Problem(422, detail, error.code, found, error.allowed, error.next_step)
    if isinstance(error, RetriableError) and error.code in TOO_HEAVY:
        return Problem(
            503, detail, error.code, next_step=error.next_step, headers={"Retry-After": str(AGAIN_S)}
        )
    return None
