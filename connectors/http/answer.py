"""An answer: what came back, checked against what was asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import httpx

from connectors.formats.json_text import JsonError, parse_json
from connectors.http.faults import not_as_declared
from warehouse.errors import ContractError

# Each comment is taken once and for all: a page of comments could be divided in more ways than time allows.
_HTML = re.compile(
    rb"\s*+(?>(?:<!--.*?-->\s*+)*+)<(!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
# What services write in; codecs beyond these need minutes for a text made for them, or are none of text.
_CHARSET = re.compile(r"utf-?(8|16|32)([-_]?(le|be))?|(us-)?ascii|iso-?8859-?\d+|latin-?1|(windows-?|cp)\d+")
_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_UNTYPED = frozenset({"", "application/octet-stream", "binary/octet-stream"})


@dataclass(frozen=True)
class Answer:
    """One good answer. `url` is without credentials; `content` is empty when it was written to a file."""

    status: int
    headers: httpx.Headers
    content: bytes
    url: httpx.URL
    where: str

    def json(self) -> Any:
        """The document, numbers exact. Raises ContractError `not_the_declared_format`."""
        try:
            return parse_json(self.text())
        except JsonError as fault:
            raise not_as_declared(self.where, f"kein lesbares JSON: {fault}", "JSON") from None

    def text(self) -> str:
        """The content in the character set the answer names, else UTF-8. Raises ContractError."""
        name = charset(self.headers) or "utf-8"
        if not _CHARSET.fullmatch(name):
            raise not_as_declared(self.where, f"Zeichensatz {name[:40]}", "UTF-8, ISO 8859 oder Windows-125x")
        try:
            return self.content.decode("utf-8-sig" if name in ("utf-8", "utf8") else name)
        except (UnicodeError, LookupError):
            raise not_as_declared(self.where, "unlesbare Zeichen", f"Text in {name}") from None


def charset(headers: httpx.Headers) -> str:
    """The character set of a content type in small letters, empty when it names none."""
    found = re.search(r"charset\s*=\s*\"?([\w.:-]+)", headers.get("content-type", ""), re.IGNORECASE)
    return found[1].lower() if found else ""


def require_type(response: httpx.Response, accept: str, types: Sequence[str], where: str) -> None:
    """ContractError `not_the_declared_format` when the content type is none of those asked for.

    `accept` is the header that was sent, `types` are further ones the source declares.
    """
    told = media_type(response.headers)
    wanted = [kind for part in accept.split(",") if (kind := part.partition(";")[0].strip().lower())]
    if any(_fits(told, kind) for kind in (*wanted, *types)):
        return
    raise not_as_declared(where, f"Inhalt {told[:80]}", ", ".join((*wanted, *types)))


def require_no_page(beginning: bytes, accept: str, where: str) -> None:
    """ContractError when a web page came, under whatever content type: an error page or a sign-in."""
    if _HTML.match(beginning) and "html" not in accept:
        raise not_as_declared(where, "eine Webseite (HTML) statt Daten", accept)


def require_coding(response: httpx.Response, where: str) -> None:
    """ContractError for a compression nobody asked for: its size could not be bounded."""
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    if coding not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise not_as_declared(where, f"Komprimierung {coding[:40]}", "gzip oder keine")


def require_whole(response: httpx.Response, where: str) -> None:
    """ContractError for a part of the content that nobody asked for: rows would be missing in silence."""
    if response.status_code == HTTPStatus.PARTIAL_CONTENT:
        raise not_as_declared(where, "nur ein Teil des Inhalts (HTTP 206)", "den ganzen Inhalt (HTTP 200)")


def require_size(size: int, limit: int, where: str) -> None:
    """ContractError `too_large` above the declared number of bytes."""
    if size > limit:
        raise ContractError(
            "Die Antwort des Dienstes ist zu groß",
            code="too_large",
            where=where,
            allowed=f"{limit} Bytes (max_bytes)",
            next_step="In kleineren Seiten abfragen oder max_bytes erhöhen",
        )


def media_type(headers: httpx.Headers) -> str:
    """The content type without its parameters, in small letters."""
    return str(headers.get("content-type", "")).partition(";")[0].strip().lower()


def _fits(told: str, wanted: str) -> bool:
    if wanted == "*/*":
        return told not in _HTML_TYPES
    if told in _UNTYPED or told == wanted:
        return True
    if wanted.endswith(("json", "xml")):
        ending = wanted.rpartition("/")[2].rpartition("+")[2]
        return told in (f"text/{ending}", f"application/{ending}") or told.endswith(f"+{ending}")
    if wanted == "text/csv":
        return told in ("text/plain", "application/csv", "text/comma-separated-values")
    return wanted.endswith("/*") and told.startswith(wanted[:-1])
