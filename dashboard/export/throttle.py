"""How much may be exported: two at a time in a process, and so many of a session in a while."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

AT_ONCE = 2
LONGEST_QUEUE_S = 20.0
WINDOW_S = 300.0
IN_WINDOW = 60
SESSIONS = 4096


class TooManyError(Exception):
    """A session exported too much; `wait_s` until the next one is allowed."""

    def __init__(self, wait_s: int) -> None:
        super().__init__(wait_s)
        self.wait_s = wait_s


class BusyError(Exception):
    """All turns were taken for as long as somebody waits."""


class Turns:
    """Counts per session and lets a few work at once; each worker process has its own."""

    def __init__(
        self,
        *,
        at_once: int = AT_ONCE,
        in_window: int = IN_WINDOW,
        queue_s: float = LONGEST_QUEUE_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._free = threading.BoundedSemaphore(at_once)
        self._in_window, self._queue_s, self._clock = in_window, queue_s, clock
        self._seen: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, session: str) -> Iterator[None]:
        """Hold a turn for one export. Raises TooManyError before waiting, BusyError after it."""
        self._count(session)
        if not self._free.acquire(timeout=self._queue_s):
            raise BusyError
        try:
            yield
        finally:
            self._free.release()

    def _count(self, session: str) -> None:
        now = self._clock()
        with self._lock:
            moments = self._seen.pop(session, deque())
            while moments and now - moments[0] >= WINDOW_S:
                moments.popleft()
            self._seen[session] = moments
            while len(self._seen) > SESSIONS:
                self._seen.pop(next(iter(self._seen)))
            if len(moments) >= self._in_window:
                raise TooManyError(max(1, round(WINDOW_S - (now - moments[0]))))
            moments.append(now)
