"""Drawings one after the other: a processor that draws pages side by side is late with all of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Hashable, Iterator
from contextlib import contextmanager

from warehouse.errors import RetriableError
from warehouse.stopping import go_on

PATIENCE_S = 2.0
AT_ONCE, LINE, EACH, WAIT_S = 2, 4, 3, 5.0
_LOOK_S = 0.1


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


class BusyError(RetriableError):
    """No turn became free for as long as somebody waits; `own` when one's own questions are in the way."""

    def __init__(self, *, own: bool = False) -> None:
        super().__init__(
            "Gerade werden mehrere große Auswertungen gerechnet",
            code="busy",
            next_step="In einigen Sekunden noch einmal versuchen",
        )
        self.own = own


class HeavyLane:
    """A few at once and one of each person, first come, first served; waiting ends after `wait_s`.

    At most `line` wait, `each` of one person: who asks for more gives up what was asked first, or is sent
    away when asking in order. So the threads of a process are never all taken by waiting.
    """

    def __init__(
        self, *, at_once: int = AT_ONCE, line: int = LINE, each: int = EACH, wait_s: float = WAIT_S
    ) -> None:
        self._at_once, self._longest, self._each, self._wait_s = at_once, line, each, wait_s
        self._running: set[Hashable] = set()
        self._line: dict[object, Hashable] = {}
        self._changed = threading.Condition()

    @contextmanager
    def turn(self, person: Hashable, *, in_order: bool = False) -> Iterator[None]:
        """Wait for a turn and keep it while the block runs.

        in_order: every question of this person counts, not only the newest (a program, not a page).
        Raises BusyError when none becomes free, and the reason when the work was stopped while it waited.
        """
        me = object()
        with self._changed:
            self._line_up(me, person, in_order)
            try:
                self._wait(me, person)
                self._running.add(person)
            finally:
                self._line.pop(me, None)
                self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._running.discard(person)
                self._changed.notify_all()

    def _line_up(self, me: object, person: Hashable, in_order: bool) -> None:
        own = [ticket for ticket, who in self._line.items() if who == person]
        if len(own) >= self._each:
            if in_order:
                raise BusyError(own=True)
            del self._line[own[0]]
        self._line[me] = person
        if not self._is_next(me) and len(self._line) > self._longest:
            del self._line[me]
            raise BusyError(own=bool(own) or person in self._running)

    def _wait(self, me: object, person: Hashable) -> None:
        until = time.monotonic() + self._wait_s
        while not self._is_next(me):
            left = until - time.monotonic()
            if left <= 0 or me not in self._line:
                raise BusyError(own=person in self._running)
            self._changed.wait(min(left, _LOOK_S))
            go_on()

    def _is_next(self, me: object) -> bool:
        """Whether there is room, and nobody before could use it."""
        if len(self._running) >= self._at_once:
            return False
        return me is next((ticket for ticket, who in self._line.items() if who not in self._running), None)
