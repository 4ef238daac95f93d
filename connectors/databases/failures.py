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
            "the database does not exist", code="query_failed", where=where, next_step="check the url"
        )
    return _unreachable(where)


def query_error(message: str, sqlstate: str | None, where: str, secrets: Iterable[str]) -> IsekError:
    """Error of running a query, by SQLSTATE where the driver gives one, else by its words."""
    state = sqlstate or ""
    said = masked(_first_sentence(message), secrets)
    if state == "57014" or TIMED_OUT.search(message):
        return RetriableError(
            "the query took too long", code="timeout", where=where, next_step="raise statement_timeout_s"
        )
    if state.startswith("28") or state == "42501" or (not state and DENIED.search(message)):
        return _denied(where, said)
    if state[:2] in ("08", "53", "57") or state == "55P03" or (not state and ABSENT.search(message)):
        return _unreachable(where)
    return ContractError(
        "the query does not fit the database",
        code="query_failed",
        where=where,
        found=said,
        next_step="ask the owner of the source whether a table or column was renamed",
    )


def _first_sentence(message: str) -> str:
    match = re.search(r"ERROR:\s+([^\n]+)", message)
    return (match[1] if match else message.splitlines()[0] if message else "").strip()


def _denied(where: str, found: str | None) -> AccessError:
    return AccessError(
        "the database refuses access",
        code="access_denied",
        where=where,
        found=found,
        next_step="renew user or password of the read-only account",
    )


def _unreachable(where: str) -> RetriableError:
    return RetriableError(
        "the database cannot be reached",
        code="unreachable",
        where=where,
        next_step="check network and server; the next run tries again",
    )
