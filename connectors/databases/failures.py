"""Errors of databases, sorted by what to do next; nothing of a connection string gets out."""

from __future__ import annotations

import re
from collections.abc import Iterable

from warehouse.errors import AccessError, ContractError, IsekError, RetriableError

MASK = "***"
DENIED = re.compile(
    r"password|authentication|role .* does not exist|no pg_hba|access denied|permission denied"
    r"|not authorized",
    re.I,
)
TIMED_OUT = re.compile(r"statement timeout|interrupted|canceling statement", re.I)
ABSENT = re.compile(
    r"refused|unable to open|could not translate|timeout expired|timed out|closed the connection|is locked"
    r"|starting up",
    re.I,
)


def masked(message: str, secrets: Iterable[str]) -> str:
    """The message with every secret part replaced."""
    for secret in sorted({s for s in secrets if s}, key=len, reverse=True):
        message = message.replace(secret, MASK)
    return re.sub(r"[a-z0-9+]+://\S+", MASK, message)


def connect_error(message: str, where: str) -> IsekError:
    """Error of opening a connection. The driver's own words name host and user and stay inside."""
    if DENIED.search(message):
        return _denied(where, None)
    if re.search(r"database .* does not exist", message):
        return ContractError(
            "Die Datenbank gibt es nicht",
            code="query_failed",
            where=where,
            next_step="Die Adresse (url) prüfen",
        )
    return _unreachable(where)


def query_error(message: str, sqlstate: str | None, where: str, secrets: Iterable[str]) -> IsekError:
    """Error of running a query, by SQLSTATE where the driver gives one, else by its words."""
    state = sqlstate or ""
    said = masked(_first_sentence(message), secrets)
    if state == "57014" or TIMED_OUT.search(message):
        return RetriableError(
            "Die Abfrage hat zu lange gedauert",
            code="timeout",
            where=where,
            next_step="statement_timeout_s erhöhen oder die Abfrage beschleunigen",
        )
    if state.startswith("28") or state == "42501" or (not state and DENIED.search(message)):
        return _denied(where, said)
    if state[:2] in ("08", "53", "57") or state == "55P03" or (not state and ABSENT.search(message)):
        return _unreachable(where)
    return ContractError(
        "Die Abfrage passt nicht zur Datenbank",
        code="query_failed",
        where=where,
        found=said,
        next_step="Bei der zuständigen Stelle fragen, ob eine Tabelle oder Spalte umbenannt wurde",
    )


def _first_sentence(message: str) -> str:
    match = re.search(r"ERROR:\s+([^\n]+)", message)
    return (match[1] if match else message.splitlines()[0] if message else "").strip()


def _denied(where: str, found: str | None) -> AccessError:
    return AccessError(
        "Die Datenbank verweigert den Zugang",
        code="access_denied",
        where=where,
        found=found,
        next_step="Benutzer oder Kennwort des Lesezugangs erneuern",
    )


def _unreachable(where: str) -> RetriableError:
    return RetriableError(
        "Die Datenbank ist nicht erreichbar",
        code="unreachable",
        where=where,
        next_step="Netz und Server prüfen; der nächste Lauf versucht es wieder",
    )
