"""Ends queries that take too long or nobody waits for: one thread per process, no timer per query."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from warehouse.errors import RetriableError
from warehouse.stopping import Stop, go_on, present_stop, stop_reason

REPEAT_SECONDS = 0.05


class Watchdog:
    """Calls `interrupt` of every guarded block that outlives its time or is stopped, until it ends.

    Once is not enough: an interrupt between two steps of a query is forgotten by the next step.
    """

    def __init__(self) -> None:
        self._wake = threading.Condition()
        self._guarded: dict[int, tuple[float, Callable[[], None], Stop | None]] = {}
        self._numbers = itertools.count()
        self._thread: threading.Thread | None = None

    @contextmanager
    def guard(self, interrupt: Callable[[], None], seconds: float) -> Iterator[None]:
        """Run the block; after `seconds` call `interrupt` from the watching thread.

        Raises the reason at once when the work going on has been stopped already.
        """
        go_on()
        number = next(self._numbers)
        with self._wake:
            self._guarded[number] = (time.monotonic() + seconds, interrupt, present_stop())
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
                for deadline, interrupt, stop in list(self._guarded.values()):
                    if deadline <= now or (stop is not None and stop() is not None):
                        interrupt()
                self._wake.wait(REPEAT_SECONDS if self._guarded else None)


def interrupted(seconds: float) -> RetriableError:
    """Why a query was interrupted: its work was stopped, else its time was over."""
    return stop_reason() or RetriableError(
        f"Die Abfrage dauerte länger als {seconds:g} Sekunden",
        code="query_timeout",
        next_step="Einen kürzeren Zeitraum oder weniger Aufgliederungen wählen",
    )
