"""How often one account may ask while typing; whoever asks faster waits a moment, nobody is locked out."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable

QUESTIONS, WINDOW_S = 40, 10.0
MOST_ACCOUNTS = 10_000


class Pace:
    """Counts questions per account in a sliding window; safe for threads, bounded in size."""

    def __init__(
        self,
        questions: int = QUESTIONS,
        window_s: float = WINDOW_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._questions, self._window_s, self._clock = questions, window_s, clock
        self._asked: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait_s(self, account: str) -> float:
        """Return 0 and count the question, or the seconds until the next one is answered."""
        now = self._clock()
        with self._lock:
            times = self._asked.setdefault(account, deque())
            self._asked.move_to_end(account)
            while times and now - times[0] >= self._window_s:
                times.popleft()
            if len(times) >= self._questions:
                return self._window_s - (now - times[0])
            times.append(now)
            while len(self._asked) > MOST_ACCOUNTS:
                self._asked.popitem(last=False)
        return 0.0
