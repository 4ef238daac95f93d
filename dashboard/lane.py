"""Drawings one after the other: a processor that draws pages side by side is late with all of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE_S = 2.0


class Lane:
    """One at a time.

    One that takes longer than `patience_s` no longer counts, so that a page that hangs holds up the others
    for that long and not for ever.
    """

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        self._patience_s = patience_s
        self._begun: dict[object, float] = {}
        # Only the next in line watches for its turn; whoever waits behind it is not woken each time.
        self._next, self._ended = threading.Lock(), threading.Condition()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one's turn and keep it while the block runs."""
        me = object()
        with self._next, self._ended:
            while (still := self._still()) > 0:
                self._ended.wait(still)
            self._begun[me] = time.monotonic()
        try:
            yield
        finally:
            with self._ended:
                del self._begun[me]
                self._ended.notify()

    def _still(self) -> float:
        """Seconds for which the one that began last may keep the others waiting; 0 when nobody may."""
        last = max(self._begun.values(), default=float("-inf"))
        return max(0.0, last + self._patience_s - time.monotonic())
