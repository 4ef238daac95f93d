"""PVOG Bereitstelldienst: XZuFi in a JSON envelope, page after page until it says that this is all.

The index of a page is given with the page before it. The address of the next page, which the service
names as well, is not followed: the address of the declaration with that index says the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.base import Context
from connectors.formats.xzufi_pulled import Pulled
from connectors.http.client import Client
from connectors.http.faults import not_as_declared
from connectors.pulls.spool import Spool
from warehouse.errors import ContractError

FIRST_INDEX = "0"
MOST_PAGES = 100_000


@dataclass(frozen=True)
class _Page:
    xml: str
    next_index: str | None
    complete: bool


def pull_pvog(
    client: Client,
    spool: Spool,
    context: Context,
    where: str,
    *,
    params: Mapping[str, str],
    index: str | None = None,
    most_pages: int = MOST_PAGES,
    limit: int | None = None,
) -> Pulled:
    """All pages from an index on (default: the first); the cursor is the index the next night begins with.

    What breaks off half way fails as a whole. Raises what the client raises, ContractError
    `not_the_declared_format`, `repeated_page`, `endless_paging`.
    """
    messages, cursor = [], index or FIRST_INDEX
    for number, page in enumerate(_pages(client, cursor, params, where, most_pages), start=1):
        if page.xml.strip():
            messages.append(spool.keep(page.xml, f"Seite {number}"))
        cursor = page.next_index or cursor
        if number == limit:
            break
    return Pulled(tuple(messages), context.as_of, client.delivery_hash, cursor)


def _pages(client: Client, index: str, params: Mapping[str, str], where: str, most: int) -> Iterator[_Page]:
    seen: set[str] = set()
    for _ in range(most):
        seen.add(index)
        page = _page(client.get("", {**params, "index": index}).json(), where)
        yield page
        if page.complete:
            return
        if page.next_index is None:
            raise not_as_declared(where, "kein naechsterIndex", "naechsterIndex, solange nicht vollstaendig")
        if page.next_index in seen:
            raise ContractError(
                "Der Dienst nennt einen Index ein zweites Mal, statt fertig zu werden",
                code="repeated_page",
                where=where,
                found=f"Index {page.next_index[:40]}",
            )
        index = page.next_index
    raise ContractError(
        "Der Dienst wird nicht fertig", code="endless_paging", where=where, allowed=f"{most} Seiten"
    )


def _page(envelope: Any, where: str) -> _Page:
    if not isinstance(envelope, dict) or not isinstance(envelope.get("vollstaendig"), bool):
        raise not_as_declared(where, "keine Angabe vollstaendig", "eine Antwort des Bereitstelldienstes")
    xml, index = envelope.get("xzufiObjekte"), envelope.get("naechsterIndex")
    if not isinstance(xml, str | None) or not isinstance(index, int | str | None) or isinstance(index, bool):
        raise not_as_declared(where, "xzufiObjekte oder naechsterIndex von anderer Art", "Text und Zahl")
    return _Page(xml or "", None if index is None else str(index), envelope["vollstaendig"])
