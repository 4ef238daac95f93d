"""Errors of databases, sorted by what to do next; nothing of a connection string gets out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from warehouse.errors import AccessError, ConfigError, ContractError, IsekError, RetriableError

MASK = "***"
Sort = Literal["denied", "untrusted", "timeout", "locked", "unreachable", "absent", "writes", "query"]

# SQLSTATE, whole or its class; the longer one counts.
STATES: dict[str, Sort] = {
    "08": "unreachable",
    "25006": "writes",
    "28": "denied",
    "3D000": "absent",
    "40001": "locked",
    "40P01": "locked",
    "42501": "denied",
    "53": "unreachable",
    "55P03": "locked",
    "57": "unreachable",
    "57014": "timeout",
}

# Numbers that MariaDB, MySQL and SQL Server give: (1205, '...'). 1205 is a lock for all three of them.
NUMBERS: dict[Sort, frozenset[int]] = {
    "denied": frozenset({229, 916, 1044, 1045, 1130, 1142, 1143, 1227, 1370, 1698, 1820, 1862, 18456, 18488}),
    "absent": frozenset({1049, 4060}),
    "timeout": frozenset({1317, 1969, 3024, 20003}),
    "locked": frozenset({1205, 1213, 1222, 3572}),
    "untrusted": frozenset({2026}),
    "unreachable": frozenset({1040, 1053, 1077, 1079, 1152, 1158, 1159, 1160, 1161, 1184, 1203, 1226, 1927})
    | frozenset({2002, 2003, 2006, 2013, 20002, 20004, 20006, 20009, 20047}),
    "writes": frozenset({1290, 1792, 3906}),
}

# Words, for drivers that give neither; the first that fits counts. PostgreSQL says no SQLSTATE when it
# refuses a connection or stops in the middle of an answer, and German servers say it in German.
WORDS: dict[Sort, str] = {
    "untrusted": r"certificate|SSL was required|SSL is required|tlsv1|wrong version number",
    "writes": r"read-?only[ -](transaction|transaktion|database)|ORA-01456|ORA-16000",
    "denied": (
        r"password|authentication|role .* does not exist|no pg_hba|access denied|permission denied"
        r"|passwort|Authentifizierung|Rolle .* existiert nicht|kein pg_hba|keine Berechtigung"
        r"|not authorized|ORA-01017|ORA-01031|ORA-28000|ORA-28001|ORA-01045"
    ),
    "absent": r"database .* does not exist|Datenbank .* existiert nicht",
    "locked": (
        r"is locked|lock timeout|deadlock|Zeitüberschreitung einer Sperre|Verklemmung"
        r"|ORA-00054|ORA-00060|ORA-30006"
    ),
    "timeout": (
        r"statement timeout|interrupted|canceling statement|Zeitüberschreitung der Anfrage|storniere Anfrage"
        r"|DPY-4024|DPI-1067"
    ),
    "unreachable": (
        r"refused|unable to open|could not translate|timeout expired|timed out|closed the connection"
        r"|connection reset|server closed|starting up|shutting down|too many clients"
        r"|terminating connection|breche Verbindung ab|FATAL:"
        r"|ORA-125\d\d|ORA-12170|ORA-03113|ORA-03114|ORA-01033|ORA-01034|DPY-4011|DPY-600[0-9]"
    ),
}


def masked(message: str, secrets: Iterable[str]) -> str:
    """The message with every secret part replaced."""
    for secret in sorted({s for s in secrets if s}, key=len, reverse=True):
        message = message.replace(secret, MASK)
    return re.sub(r"[a-z0-9+]+://\S+", MASK, message)


def sort_of(message: str, sqlstate: str | None = None) -> Sort:
    """What kind of error this is: by SQLSTATE, else by the driver's number, else by its words."""
    if sqlstate:
        return STATES.get(sqlstate) or STATES.get(sqlstate[:2]) or "query"
    if number := re.match(r"\((\d+),", message):
        for sort, numbers in NUMBERS.items():
            if int(number[1]) in numbers:
                return sort
    return next((sort for sort, words in WORDS.items() if re.search(words, message, re.I)), "query")


def connect_error(message: str, where: str) -> IsekError:
    """Error of opening a connection. The driver's own words name host and user and stay inside."""
    sort = sort_of(message)
    return _sorted("unreachable" if sort in ("query", "timeout") else sort, None, where)


def query_error(message: str, sqlstate: str | None, where: str, secrets: Iterable[str]) -> IsekError:
    """Error of running a query; `found` repeats the server's first sentence without secrets."""
    return _sorted(sort_of(message, sqlstate), masked(_first_sentence(message), secrets), where)


def _sorted(sort: Sort, said: str | None, where: str) -> IsekError:
    match sort:
        case "timeout" | "locked" | "unreachable":
            return _again_later(sort, where)
        case "denied":
            return AccessError(
                "Die Datenbank verweigert den Zugang",
                code="access_denied",
                where=where,
                found=said,
                next_step="Benutzer oder Kennwort des Lesezugangs erneuern",
            )
        case "untrusted":
            return AccessError(
                "Dem Zertifikat der Datenbank ist nicht zu trauen, oder sie bietet keine Verschlüsselung",
                code="untrusted_certificate",
                where=where,
                next_step="Das Zertifikat erneuern lassen oder seine Stelle in der Adresse nennen",
            )
        case _:
            return _of_the_query(sort, said, where)


def _again_later(sort: Sort, where: str) -> RetriableError:
    what, code, next_step = {
        "timeout": (
            "Die Abfrage hat zu lange gedauert",
            "timeout",
            "statement_timeout_s erhöhen oder die Abfrage beschleunigen",
        ),
        "locked": (
            "Eine Tabelle war von anderer Seite gesperrt",
            "source_locked",
            "Den Lauf außerhalb der Wartung des Fachverfahrens legen; der nächste Lauf versucht es wieder",
        ),
    }.get(
        sort,
        (
            "Die Datenbank ist nicht erreichbar",
            "unreachable",
            "Netz und Server prüfen; der nächste Lauf versucht es wieder",
        ),
    )
    return RetriableError(what, code=code, where=where, next_step=next_step)


def _of_the_query(sort: Sort, said: str | None, where: str) -> ContractError:
    what, next_step = {
        "absent": ("Die Datenbank gibt es nicht", "Die Adresse (url) prüfen"),
        "writes": ("Die Abfrage will schreiben; gelesen wird nur", "Nur SELECT verwenden"),
    }.get(
        sort,
        (
            "Die Abfrage passt nicht zur Datenbank",
            "Bei der zuständigen Stelle fragen, ob eine Tabelle oder Spalte umbenannt wurde",
        ),
    )
    return ContractError(what, code="query_failed", where=where, found=said, next_step=next_step)


def no_driver(driver: str, extra: str | None, where: str) -> ConfigError:
    """The library for this kind of database is not installed; `extra` names the group that brings it."""
    install = f"pip install 'isek-portal[{extra}]'" if extra else "Den Treiber einspielen"
    return ConfigError(
        "Für diese Datenbank fehlt der Treiber",
        code="no_driver",
        where=where,
        found=driver,
        next_step=f"{install}, oder eine andere Adresse verwenden",
    )


def _first_sentence(message: str) -> str:
    for pattern in (r"(?:ERROR|FEHLER|FATAL):\s+([^\n]+)", r"^\(\d+, b?['\"]([^\n]+)['\"]\)"):
        if match := re.search(pattern, message):
            return match[1].strip()
    return (message.splitlines()[0] if message else "").strip()
