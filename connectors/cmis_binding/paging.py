"""All hits of a query, page by page, also while objects come and go.

Every page begins with the last hit of the one before. Where it does not, something was added or deleted
in front of it, and reading goes on behind the last hit that can be found again: nothing is lost, nothing
comes twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from connectors.cmis_binding.service import Item, Page
from warehouse.errors import ContractError, RetriableError

LOOKS_BACK = 3
MOST_IDLE = 5

Ask = Callable[[int, int], Page]


class Pages:
    """Hits of one query; `ask(skip, most)` gets a page.

    Raises RetriableError `changed_while_paging`; ContractError `paging_repeats`, `too_many_pages`,
    `incomplete` (fewer hits than the service says there are, when `total_counts`).
    """

    def __init__(
        self, ask: Ask, size: int, where: str, *, most_pages: int, total_counts: bool = True
    ) -> None:
        self._ask, self._size, self._where = ask, size, where
        self._most, self._total_counts = most_pages, total_counts
        self._tail: Sequence[str] = ()
        self._seen: set[int] = set()
        self._skip = self._asked = self._idle = self._repeated = 0
        self._shifted = False

    def items(self) -> Iterator[Item]:
        """Every hit once."""
        while True:
            page, fresh = self._next_page()
            self._require_new(fresh, page)
            yield from fresh
            if not page.has_more:
                self._require_all(page)
                return

    def _next_page(self) -> tuple[Page, Sequence[Item]]:
        page = self._page()
        if not self._tail:
            return page, self._behind(page, -1)
        at = _place(page, self._tail[-1])
        if at is None:
            page, at = self._look_back()
        self._shifted = self._shifted or at > 0
        return page, self._behind(page, at)

    def _page(self) -> Page:
        if self._asked >= self._most:
            raise self._endless("too_many_pages", f"mehr als {self._most} Seiten")
        self._asked += 1
        return self._ask(self._skip, self._size)

    def _behind(self, page: Page, at: int) -> Sequence[Item]:
        """The hits behind place `at`; the next page is to begin with the last of them."""
        fresh = page.items[at + 1 :]
        self._skip += max(0, len(page.items) - 1)
        ids = [item.id for item in page.items]
        self._repeated = self._repeated + 1 if ids == self._tail else 0
        self._tail = ids or self._tail
        return fresh

    def _look_back(self) -> tuple[Page, int]:
        """The page with the latest hit that is still there, and its place."""
        self._shifted = True
        for _ in range(LOOKS_BACK):
            # By what really came: services may give smaller pages than they were asked for.
            self._skip = max(0, self._skip - max(1, len(self._tail) - 1))
            page = self._page()
            for known in reversed(self._tail):
                if (at := _place(page, known)) is not None:
                    return page, at
        raise self._changed("die Seiten schließen nicht aneinander an")

    def _require_new(self, fresh: Sequence[Item], page: Page) -> None:
        self._idle = 0 if fresh else self._idle + 1
        if page.has_more and self._repeated > 1:
            raise self._endless("paging_repeats", "dieselbe Seite kommt immer wieder")
        if page.has_more and self._idle > MOST_IDLE:
            raise self._changed("die Seiten bringen nichts Neues")
        for item in fresh:
            before = len(self._seen)
            self._seen.add(hash(item.id))
            if len(self._seen) == before:
                raise self._changed("ein Objekt stand auf zwei Seiten")

    def _require_all(self, page: Page) -> None:
        total = page.total if self._total_counts and not self._shifted else None
        if total is not None and total > len(self._seen):
            raise ContractError(
                "Der Dienst nennt mehr Treffer, als er liefert",
                code="incomplete",
                where=self._where,
                found=f"{len(self._seen)} von {total}",
                next_step="Klären, ob der Dienst die Treffer begrenzt; enger fragen (where, folders)."
                ' Ist die Zahl nur geschätzt: num_items = "estimate"',
            )

    def _changed(self, found: str) -> RetriableError:
        return RetriableError(
            "Der Bestand hat sich während des Lesens zu sehr geändert",
            code="changed_while_paging",
            where=self._where,
            found=found,
            next_step="Nachts lesen oder page_size erhöhen",
        )

    def _endless(self, code: str, found: str) -> ContractError:
        return ContractError(
            "Der Dienst hört nicht auf zu blättern",
            code=code,
            where=self._where,
            found=found,
            next_step="Bei der zuständigen Stelle fragen, ob der Dienst maxItems und skipCount beachtet",
        )


def _place(page: Page, wanted: str) -> int | None:
    return next((at for at, item in enumerate(page.items) if item.id == wanted), None)
