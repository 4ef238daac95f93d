"""What can go wrong on the way, grouped by what to do next; no message repeats an address or a secret."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpcore
import httpx

from warehouse.errors import AccessError, ContractError, IsekError, RetriableError

BUSY = frozenset({408, 425, 429})
LONGEST_REFUSAL = 4096


class BusyError(RetriableError):
    """The service asks for patience; `wait_s` is how long it wants to be left alone, None: it did not say."""

    wait_s: float | None = None


class RefusedError(ContractError):
    """The service understood the request and will not answer it; `status` is its HTTP status.

    `said` is the beginning of its answer: foreign words, not for people before somebody read them.
    """

    status: int = 0
    said: bytes = b""


def transport_error(error: Exception, where: str, host: str) -> IsekError:
    """The classified form of an error on the wire."""
    if untrusted := _certificate_fault(error):
        return ContractError(
            "Das Zertifikat des Dienstes ist nicht gültig",
            code="certificate_refused",
            where=where,
            found=f"{host}: {untrusted}",
            next_step="Die Stelle um ein gültiges Zertifikat bitten; eine eigene Zertifizierungsstelle"
            " der Verwaltung als ca_file hinterlegen",
        )
    if isinstance(error, httpcore.ConnectError | httpcore.ConnectTimeout | httpcore.PoolTimeout):
        return RetriableError(
            "Der Dienst ist nicht erreichbar",
            code="unreachable",
            where=where,
            found=f"{host}: {_why_not_connected(error)}",
            next_step="Prüfen, ob der Dienst läuft und die Firewall ihn durchlässt",
        )
    if isinstance(error, httpcore.TimeoutException):
        return RetriableError(
            "Der Dienst hat nicht rechtzeitig geantwortet", code="timed_out", where=where, found=host
        )
    return RetriableError(
        "Die Verbindung zum Dienst ist abgebrochen", code="connection_cut", where=where, found=host
    )


def status_error(response: httpx.Response, where: str, host: str) -> IsekError:
    """The classified form of an answer that is no success."""
    status = response.status_code
    found = f"{host}: HTTP {status} {_phrase(status)}".rstrip()
    if status in (401, 403):
        return AccessError(
            "Der Dienst verweigert den Zugang",
            code="access_denied",
            where=where,
            found=found,
            next_step="Zugangsdaten und Rechte bei der zuständigen Stelle erneuern lassen",
        )
    if status in BUSY or status >= 500:
        return _later(response, where, found)
    if 300 <= status < 400:
        return _redirected(response, where)
    refused = RefusedError(
        "Der Dienst hat die Anfrage abgelehnt",
        code="http_refused",
        where=where,
        found=found,
        next_step="Adresse und Parameter mit der Beschreibung des Dienstes vergleichen",
    )
    refused.status, refused.said = status, _beginning(response)
    return refused


def not_as_declared(where: str, found: str, allowed: str) -> ContractError:
    """The error of an answer that is something else than was agreed."""
    return ContractError(
        "Der Dienst hat nicht in der vereinbarten Form geantwortet",
        code="not_the_declared_format",
        where=where,
        found=found,
        allowed=allowed,
        next_step="Bei der zuständigen Stelle fragen, ob der Dienst gestört ist oder sich geändert hat",
    )


def _beginning(response: httpx.Response) -> bytes:
    try:
        return next(response.iter_bytes(LONGEST_REFUSAL), b"")
    except httpx.DecodingError:
        return b""


def _later(response: httpx.Response, where: str, found: str) -> BusyError:
    busy = response.status_code in BUSY
    later = BusyError(
        "Der Dienst bittet um weniger Anfragen" if busy else "Der Dienst meldet eine Störung",
        code="too_many_requests" if busy else "server_error",
        where=where,
        found=found,
        next_step="rate_per_s verringern, wenn das öfter vorkommt" if busy else None,
    )
    later.wait_s = _retry_after(response)
    return later


def _retry_after(response: httpx.Response) -> float | None:
    text = response.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        # By the clock of the service, which may be wrong, but it is the same for both moments.
        now = response.headers.get("date")
        asked = parsedate_to_datetime(text)
        return max(0.0, (asked - (parsedate_to_datetime(now) if now else datetime.now(UTC))).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None


def _redirected(response: httpx.Response, where: str) -> ContractError:
    try:
        target = httpx.URL(response.headers.get("location", "")).host
    except httpx.InvalidURL:
        target = ""
    return ContractError(
        "Der Dienst verweist an eine andere Adresse",
        code="redirected",
        where=where,
        found=target or "derselbe Host",
        next_step="Ist die neue Adresse gewollt, sie als url eintragen; Verweisen wird nicht gefolgt",
    )


def _certificate_fault(error: Exception) -> str | None:
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return cause.verify_message or "nicht vertrauenswürdig"
    return None


def _why_not_connected(error: Exception) -> str:
    if isinstance(error, httpcore.TimeoutException):
        return "keine Verbindung in der vereinbarten Zeit"
    causes = list(_causes(error))
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return "keine verschlüsselte Verbindung"
    refused = any(isinstance(cause, ConnectionRefusedError) for cause in causes)
    return "Verbindung abgelehnt" if refused else "kein Weg dorthin"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what the transport wrapped in it."""
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        inner = cause.args[0] if cause.args else None
        cause = inner if isinstance(inner, BaseException) else cause.__cause__ or cause.__context__


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
