"""Ends queries that take too long: one thread per process instead of a timer per query."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

REPEAT_SECONDS = 0.05


class Watchdog:
    """Calls `interrupt` of every guarded block that outlives its time, again and again until it ends.

    Once is not enough: an interrupt between two steps of a query is forgotten by the next step.
    """

    def __init__(self) -> None:
        self._wake = threading.Condition()
        self._guarded: dict[int, tuple[float, Callable[[], None]]] = {}
        self._numbers = itertools.count()
        self._thread: threading.Thread | None = None

    @contextmanager
    def guard(self, interrupt: Callable[[], None], seconds: float) -> Iterator[None]:
        """Run the block; after `seconds` call `interrupt` from the watching thread."""
        number = next(self._numbers)
        with self._wake:
            self._guarded[number] = (time.monotonic() + seconds, interrupt)
            self._start()
            if len(self._guarded) == 1:
                self._wake.notify()
        try:
            yield
        finally:
            with self._wake:
                del self._guarded[number]

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._watch, name="query-watchdog", daemon=True)
            self._thread.start()

    def _watch(self) -> None:
        with self._wake:
            while True:
                now = time.monotonic()
                for deadline, interrupt in list(self._guarded.values()):
                    if deadline <= now:
                        interrupt()
                self._wake.wait(REPEAT_SECONDS if self._guarded else None)
