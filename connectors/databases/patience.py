"""Opening a connection again after a refused one, with growing pauses."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TypeVar

from warehouse.errors import RetriableError

T = TypeVar("T")

MOST_TRIES = 3
FIRST_PAUSE_S = 0.5


def patiently(connect: Callable[[], T], tries: int, pause: Callable[[float], None] = time.sleep) -> T:
    """What `connect` returns, tried at most `tries` times (and never more than three).

    Only RetriableError is tried again: a refused password would lock the account. A query is never
    repeated, it may have cost the server minutes.
    """
    for attempt in range(min(tries, MOST_TRIES) - 1):
        try:
            return connect()
        except RetriableError:
            # Without chance in it 250 sources would come back at the same moment.
            pause(FIRST_PAUSE_S * 2**attempt * random.uniform(0.5, 1.5))  # noqa: S311
    return connect()
