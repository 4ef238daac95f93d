"""Turns of heavy questions: in a lane of their own, to be cancelled by the one who asks.

Without a turn a page is still drawn, but only from what is computed already; every query it would need is
refused with the sentence that says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from dashboard.explorer.cancel import key_of, running
from dashboard.lane import AT_ONCE, HeavyLane
from warehouse.errors import RetriableError
from warehouse.stopping import Stop, stopped_by

HEAVY = ("/explorer", "/mein-cockpit")
PROGRAMS_WAITING, PROGRAMS_EACH = 3, 2


def is_heavy(path: str) -> bool:
    """Whether pages of this address ask questions nobody has prepared."""
    return any(path == place or path.startswith(f"{place}/") for place in HEAVY)


class HeavyTurns:
    """Turns of one process: pages that run and wait take at most half of its `threads`.

    Programs stand in a row of their own first, one of them at a time, so that a turn is left for pages
    however much is asked.
    """

    def __init__(self, run_dir: Path, threads: int) -> None:
        self._run_dir = run_dir
        self.lane = HeavyLane(line=max(1, threads // 2 - AT_ONCE))
        self.programs = HeavyLane(at_once=1, line=PROGRAMS_WAITING, each=PROGRAMS_EACH)

    @contextmanager
    def of(self, session: str, path: str, params: Mapping[str, str]) -> Iterator[None]:
        """Run the block with a turn, or without one so that each query raises why (busy, query_cancelled)."""
        with ExitStack() as stack:
            stack.enter_context(running(self._run_dir, key_of(session, path, params)))
            try:
                stack.enter_context(self.lane.turn(session))
            except RetriableError as error:
                stack.enter_context(stopped_by(_because(error)))
            yield

    @contextmanager
    def of_program(self, account: str) -> Iterator[None]:
        """Run the block with a turn of a program of this person. Raises BusyError."""
        with self.programs.turn(account, in_order=True), self.lane.turn(("program", account)):
            yield


def _because(reason: RetriableError) -> Stop:
    return lambda: reason
