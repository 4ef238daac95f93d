"""How one page leads to the next, and how a service says that there is no next one."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, Self

import httpx
from pydantic import BaseModel, ConfigDict, Field, model_validator

from connectors.rest_api.paths import MISSING, first_at, is_place, kind_of
from warehouse.errors import ContractError


@dataclass(frozen=True)
class Turn:
    """What makes one request of a series differ from the others: parameters, or a whole address."""

    values: tuple[tuple[str, str | int], ...] = ()
    link: str | None = None


@dataclass(frozen=True)
class Page:
    """One answer: its document (None for CSV), how many units it held, how many there are up to here.

    A unit is what pages are cut by: a record, or the object of the outermost list that holds records.
    """

    document: Any
    count: int
    read: int
    headers: Mapping[str, str] = field(default_factory=dict)
    where: str = ""


class _Paging(BaseModel):
    """What all ways have in common. `total` is the path to the number of all records."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    total: str | None = None
    max_pages: int = Field(default=10_000, ge=1)
    place: Literal["query", "body"] = "query"

    @model_validator(mode="after")
    def _names_places(self) -> Self:
        for setting in ("total", "has_more", "last", "pages", "next"):
            path = getattr(self, setting, None)
            if path is not None and not is_place(path):
                raise ValueError(f"{setting}: „{path}“ ist kein Pfad; z. B. meta.total")
        names = self.params
        if len(set(names)) < len(names):
            raise ValueError(f"„{names[0]}“ kann nicht zugleich Stelle und Größe der Seite heißen")
        return self

    @property
    def params(self) -> tuple[str, ...]:
        """Names of the parameters that differ from page to page, and of the size."""
        settings = ("offset_param", "page_param", "param", "size_param")
        return tuple(name for setting in settings if (name := getattr(self, setting, None)))

    @abstractmethod
    def first(self) -> Turn:
        """The first request."""

    @abstractmethod
    def following(self, turn: Turn, page: Page) -> Turn | None:
        """The request after `turn`, None behind the last page. Raises ContractError `missing_paging`."""

    def total_of(self, page: Page) -> int | None:
        """How many records the service says there are."""
        return None if self.total is None or page.document is None else number_at(page, self.total)

    def pages_of(self, page: Page) -> int | None:
        """How many pages the service says there are."""
        return None

    def unmarked(self, page: Page) -> str | None:
        """The place where the next page should be named, when the page does not know it at all."""
        return None

    @property
    def needs_document(self) -> bool:
        """Whether it reads markers, which only JSON has."""
        return self.total is not None


class NoPaging(_Paging):
    """One answer holds everything."""

    type: Literal["none"] = "none"

    def first(self) -> Turn:
        return Turn()

    def following(self, turn: Turn, page: Page) -> Turn | None:
        return None


class _Counted(_Paging):
    """Pages by number. Ends by `total`, `has_more` or `last`; without them at the first empty page.

    An empty page, not a short one: a service that gives fewer records per page than it was asked for
    would end too early.
    """

    size_param: str | None = None
    size: int = Field(default=100, ge=1)
    start: int = Field(default=0, ge=0)
    has_more: str | None = None
    last: str | None = None

    def _turn(self, param: str, number: int) -> Turn:
        size = ((self.size_param, self.size),) if self.size_param else ()
        return Turn(((param, number), *size))

    def _is_last(self, page: Page) -> bool:
        if self.has_more is not None:
            return not boolean_at(page, self.has_more)
        if self.last is not None:
            return boolean_at(page, self.last)
        total = self.total_of(page)
        return page.count == 0 or (total is not None and page.read >= total)

    @property
    def needs_document(self) -> bool:
        return any((self.total, self.has_more, self.last))


class OffsetPaging(_Counted):
    """`offset` counts the records already read."""

    type: Literal["offset"]
    offset_param: str = "offset"
    size_param: str | None = "limit"

    def first(self) -> Turn:
        return self._turn(self.offset_param, self.start)

    def following(self, turn: Turn, page: Page) -> Turn | None:
        return None if self._is_last(page) else self._turn(self.offset_param, self.start + page.read)


class PageNumbers(_Counted):
    """Pages are numbered from `start`; `pages` is the path to the number of pages."""

    type: Literal["page"]
    page_param: str = "page"
    size_param: str | None = "size"
    pages: str | None = None

    def first(self) -> Turn:
        return self._turn(self.page_param, self.start)

    def following(self, turn: Turn, page: Page) -> Turn | None:
        number = int(dict(turn.values)[self.page_param]) + 1
        pages = self.pages_of(page)
        is_last = self._is_last(page) if pages is None else number - self.start >= pages
        return None if is_last else self._turn(self.page_param, number)

    def pages_of(self, page: Page) -> int | None:
        if self.pages is None or self.has_more is not None or self.last is not None:
            return None
        return number_at(page, self.pages)

    @property
    def needs_document(self) -> bool:
        return self.pages is not None or super().needs_document


class ShortPage(_Paging):
    """Ends at the first page with fewer than `size` records; `counts` says what `param` counts."""

    type: Literal["short_page"]
    param: str = "offset"
    counts: Literal["records", "pages"] = "records"
    size_param: str = "limit"
    size: int = Field(default=100, ge=1)
    start: int = Field(default=0, ge=0)

    def first(self) -> Turn:
        return self._turn(self.start)

    def following(self, turn: Turn, page: Page) -> Turn | None:
        if page.count < self.size:
            return None
        number = int(dict(turn.values)[self.param])
        return self._turn(number + 1 if self.counts == "pages" else self.start + page.read)

    def _turn(self, number: int) -> Turn:
        return Turn(((self.param, number), (self.size_param, self.size)))


class CursorPaging(_Paging):
    """Every page names the token of the next one at `next`; no token, or `has_more` false, is the end."""

    type: Literal["cursor"]
    param: str = "cursor"
    next: str
    has_more: str | None = None

    def first(self) -> Turn:
        return Turn()

    def following(self, turn: Turn, page: Page) -> Turn | None:
        if self.has_more is not None and not boolean_at(page, self.has_more):
            return None
        token = marker_at(page, self.next)
        if token in (None, "", False):
            return None
        if not isinstance(token, str | int):
            raise _no_marker(page, self.next, kind_of(token))
        if isinstance(token, str) and not token.isprintable():
            raise _no_marker(page, self.next, "unlesbare Zeichen")
        return Turn(((self.param, token),))

    def unmarked(self, page: Page) -> str | None:
        if self.has_more is not None and not boolean_at(page, self.has_more):
            return None
        return _unknown(page, self.next)

    @property
    def needs_document(self) -> bool:
        return True


class NextLink(_Paging):
    """Every page names the address of the next one: at `next`, or in the header `Link` (RFC 8288)."""

    type: Literal["next_link"]
    next: str | None = None
    header: bool = False

    @model_validator(mode="after")
    def _is_somewhere(self) -> Self:
        if self.header == (self.next is not None):
            raise ValueError("Entweder next (ein Pfad) oder header = true angeben")
        return self

    def first(self) -> Turn:
        return Turn()

    def following(self, turn: Turn, page: Page) -> Turn | None:
        if self.next is None:
            links = httpx.Response(200, headers=dict(page.headers)).links
            link: Any = links.get("next", {}).get("url")
        else:
            link = marker_at(page, self.next)
            # In HAL a link is an object.
            link = link.get("href") if isinstance(link, dict) else link
        if link is None or link == "":
            return None
        if not isinstance(link, str):
            raise _no_marker(page, self.next or "Link", kind_of(link))
        return Turn(link=link)

    def unmarked(self, page: Page) -> str | None:
        if self.next is None:
            return None if "link" in page.headers else "Link"
        return _unknown(page, self.next)

    @property
    def needs_document(self) -> bool:
        return self.next is not None or super().needs_document


Paging = Annotated[
    NoPaging | OffsetPaging | PageNumbers | ShortPage | CursorPaging | NextLink, Field(discriminator="type")
]


def number_at(page: Page, path: str) -> int:
    """The whole number at a path of a page. Raises ContractError `missing_paging`."""
    found = first_at(page.document, path)
    if isinstance(found, str) and found.isascii() and found.isdigit():
        return int(found)
    if isinstance(found, bool) or not isinstance(found, int):
        raise _no_marker(page, path, "nichts" if found is MISSING else kind_of(found))
    return found


def boolean_at(page: Page, path: str) -> bool:
    """The truth value at a path of a page. Raises ContractError `missing_paging`."""
    found = first_at(page.document, path)
    if not isinstance(found, bool):
        raise _no_marker(page, path, "nichts" if found is MISSING else kind_of(found))
    return found


def marker_at(page: Page, path: str) -> Any:
    """The value at a path, None when the last name is not there.

    What stands around it has to be there: a service that renamed it would otherwise end after one page.
    """
    around, _, name = path.rpartition(".")
    holder = first_at(page.document, around) if around else page.document
    if not isinstance(holder, dict):
        raise _no_marker(page, path, "nichts" if holder is MISSING else kind_of(holder))
    return holder.get(name)


def _unknown(page: Page, path: str) -> str | None:
    return path if first_at(page.document, path) is MISSING else None


def _no_marker(page: Page, path: str, found: str) -> ContractError:
    return ContractError(
        f"Die Angabe „{path}“ zum Blättern fehlt in der Antwort oder ist von anderer Art",
        code="missing_paging",
        where=page.where,
        found=found,
        next_step="Bei der zuständigen Stelle fragen, ob der Dienst sich geändert hat",
    )
