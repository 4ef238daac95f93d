"""Fills the caches of a worker in the background: after its start and after every publication."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import product
from typing import TYPE_CHECKING, cast

from dashboard.answers import Answers, Asked
from dashboard.auth.rights import may_open
from dashboard.auth.sessions import utc_now
from dashboard.auth.viewer import Role, scope_of
from warehouse.errors import IsekError

if TYPE_CHECKING:
    from dashboard.page import PageModule
    from dashboard.services import Services
    from metrics.result import Scope

LOOK_EVERY_S = 5.0
CITY = tuple((role, scope_of(role, ())) for role in ("leitung", "controlling"))
SCOPES_AT_MOST = 12
GIVES_WAY, PAUSE_S = 40, 0.05


class Warmer:
    """Draws pages once per snapshot before people ask for them.

    First what was asked last, then every page for the whole city, then for the rights of who is signed in.
    """

    def __init__(self, services: Services, pages: Sequence[PageModule], answers: Answers) -> None:
        self._services, self._pages, self._answers = services, pages, answers
        self._lock, self._noticed = threading.Lock(), ""

    def watch(self, every_s: float = LOOK_EVERY_S) -> None:
        """Follow the pointer from now on, so that whoever comes first does not wait for the first drawing."""
        threading.Thread(target=self._follow, args=(every_s,), daemon=True, name="follow-pointer").start()

    def _follow(self, every_s: float) -> None:
        while True:
            # Without a snapshot there is nothing to fill; the pages say so themselves.
            with suppress(IsekError):
                self.notice(self._services.reader.current().name)
            time.sleep(every_s)

    def notice(self, snapshot: str) -> None:
        """Start filling when this snapshot is new to the process."""
        with self._lock:
            if snapshot == self._noticed:
                return
            self._noticed = snapshot
        threading.Thread(target=self.fill, daemon=True, name="warm-cache").start()

    def fill(self) -> None:
        """Draw each page; the figures it asked for stay in the cache, and so does what can be kept of it."""
        snapshot = self._noticed
        for asked in dict.fromkeys(self._wanted()):
            self._give_way()
            if self._noticed != snapshot:
                return
            # A page that fails here fails visibly when opened.
            with suppress(Exception):
                self._answers.prepare(asked)

    def _give_way(self) -> None:
        """People who wait come first; after a while of that the filling goes on, for it helps them, too."""
        for _ in range(GIVES_WAY):
            if not self._answers.waiting:
                return
            time.sleep(PAUSE_S)

    def _wanted(self) -> Iterator[Asked]:
        yield from self._answers.recent()
        yield from self._first_views(CITY)
        with suppress(IsekError):
            yield from self._first_views(self._in_use())

    def _in_use(self) -> list[tuple[str, Scope]]:
        rights = self._services.ledger.rights_in_use(utc_now())
        return [(role, scope_of(role, units)) for role, units in rights][:SCOPES_AT_MOST]

    def _first_views(self, rights: Sequence[tuple[str, Scope]]) -> Iterator[Asked]:
        for item, (role, scope) in product(self._pages, rights):
            if may_open(role, item.page):
                yield Asked(cast("Role", role), scope, item.page.path, ())
