"""Slow-down of login attempts per account and per address; nobody is ever locked out for good.

The decision is a pure function of earlier failures, so that it can be tested with a table. It is asked
before any password hash is computed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

FREE_TRIES_ACCOUNT = 5
FREE_TRIES_ADDRESS = 20
WINDOW = timedelta(minutes=15)
LONGEST_WAIT = timedelta(seconds=60)


def wait_until(failures: Sequence[datetime], *, free_tries: int, now: datetime) -> datetime | None:
    """Return when the next attempt is allowed, or None when it is allowed now.

    `failures` are the failed attempts of one key inside the window. The wait doubles with every failure
    beyond the free ones and never exceeds a minute: enough against guessing, harmless for its owner.
    """
    recent = [moment for moment in failures if now - moment < WINDOW]
    beyond = len(recent) - free_tries
    if beyond < 0:
        return None
    wait = min(timedelta(seconds=2 ** min(beyond, 10)), LONGEST_WAIT)
    until = max(recent) + wait
    return until if until > now else None
