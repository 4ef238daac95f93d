"""What may end the queries of the work going on: somebody no longer waits for it, a turn was refused.

Whoever answers a request says for its length how to find out; every query asks before it begins and is
interrupted while it runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from warehouse.errors import RetriableError

Stop = Callable[[], RetriableError | None]
"""Says why queries have to end, or None; asked from another thread, often, and raises nothing."""

_stop: ContextVar[Stop | None] = ContextVar("stop", default=None)


@contextmanager
def stopped_by(stop: Stop) -> Iterator[None]:
    """Let queries of this block end as soon as `stop` gives a reason."""
    before = _stop.set(stop)
    try:
        yield
    finally:
        _stop.reset(before)


def present_stop() -> Stop | None:
    """How the work going on would learn that it has to end; None when nothing ends it."""
    return _stop.get()


def stop_reason() -> RetriableError | None:
    """Why the work going on has to end; None when it may go on."""
    stop = _stop.get()
    return stop() if stop is not None else None


def go_on() -> None:
    """Raise the reason for which the work has to end, if there is one."""
    if (reason := stop_reason()) is not None:
        raise reason
