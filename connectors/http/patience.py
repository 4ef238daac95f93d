"""How often and how long to wait before asking again: growing, uneven, and never beyond the deadline."""

from __future__ import annotations

import random
from collections.abc import Callable

from connectors.http.faults import BusyError
from connectors.http.wire import Clock, Deadline
from warehouse.errors import RetriableError

FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 60.0
WAIT_PER_NIGHT_S = 900.0
"""What one client waits in all: a service that is always busy must not use up the night."""

Sleep = Callable[[float], None]


class Patience:
    """Waits between attempts and between requests; `tries` is the highest number of attempts per request."""

    def __init__(self, tries: int, rate_per_s: float | None, sleep: Sleep, clock: Clock) -> None:
        self._tries, self._sleep, self._clock = max(1, tries), sleep, clock
        self._gap = 1 / rate_per_s if rate_per_s else 0.0
        self._free_at = float("-inf")
        self._budget = WAIT_PER_NIGHT_S

    def keep_the_rate(self, deadline: Deadline) -> None:
        """Wait until the declared rate allows the next request."""
        if (wait := self._free_at - self._clock()) > 0:
            self._sleep(min(wait, max(0.0, deadline.left())))
        self._free_at = self._clock() + self._gap

    def wait_after(self, error: RetriableError, attempt: int, deadline: Deadline) -> None:
        """Wait before attempt number `attempt` + 1; raises `error` when there is to be none."""
        wait = self._wait(error, attempt)
        if attempt >= self._tries or wait >= deadline.left() or wait > self._budget:
            raise error
        self._budget -= wait
        self._sleep(wait)

    def _wait(self, error: RetriableError, attempt: int) -> float:
        grown = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** (attempt - 1))
        # Without chance in it 250 sources would come back at the same moment.
        uneven = grown * random.uniform(0.5, 1.5)  # noqa: S311
        asked = error.wait_s if isinstance(error, BusyError) else None
        return uneven if asked is None else max(asked, 0.0) + grown * random.uniform(0.0, 0.5)  # noqa: S311
