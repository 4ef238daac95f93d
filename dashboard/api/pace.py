"""Turns for heavy questions: one at a time per person, a few of all, so that pages stay quick.

Each worker process has its own; what waits too long is sent away with the time after which to ask again.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

AT_ONCE = 2
WAITING = 2
PATIENCE_S = 5.0
# Requests of one token in a while; see dashboard.search.pace.
REQUESTS, WINDOW_S = 120, 60.0


class BusyError(Exception):
    """No turn; `own` when it is the person's other questions that are in the way."""

    def __init__(self, *, own: bool) -> None:
        super().__init__("no turn")
        self.own = own


class Line:
    """Hands out turns."""

    def __init__(
        self, *, at_once: int = AT_ONCE, waiting: int = WAITING, patience_s: float = PATIENCE_S
    ) -> None:
        self._at_once, self._most_waiting, self._patience_s = at_once, waiting, patience_s
        self._busy: set[str] = set()
        self._waiting: Counter[str] = Counter()
        self._changed = threading.Condition()

    @contextmanager
    def turn(self, account: str) -> Iterator[None]:
        """Wait for a turn and keep it while the block runs. Raises BusyError."""
        with self._changed:
            self._wait(account)
            self._busy.add(account)
        try:
            yield
        finally:
            with self._changed:
                self._busy.discard(account)
                self._changed.notify_all()

    def _wait(self, account: str) -> None:
        # Everybody who waits holds a thread of the worker, so only a few of one person may.
        if self._waiting[account] >= self._most_waiting:
            raise BusyError(own=True)
        self._waiting[account] += 1
        try:
            if not self._changed.wait_for(lambda: self._is_free(account), self._patience_s):
                raise BusyError(own=account in self._busy)
        finally:
            self._waiting[account] -= 1
            if not self._waiting[account]:
                del self._waiting[account]

    def _is_free(self, account: str) -> bool:
        return account not in self._busy and len(self._busy) < self._at_once
