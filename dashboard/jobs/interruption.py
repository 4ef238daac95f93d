"""SIGTERM and Ctrl+C end a run in order: an exception at the next step, never inside the last one."""

from __future__ import annotations

import os
import select
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

REPEAT_SECONDS = 0.05


class Interrupted(KeyboardInterrupt):
    """Somebody asked the run to end; outside of its steps the command ends as after Ctrl+C, without words."""


class Interruption:
    """Turns signals into `Interrupted`; inside `shielded` a signal is not heard."""

    def __init__(self) -> None:
        self._shielded = False
        self._ending = False
        self._asked = False

    @property
    def asked(self) -> bool:
        """Whether a signal has come."""
        return self._asked

    def check(self) -> None:
        """Raise Interrupted when a signal has come and somebody on the way swallowed it."""
        if self._asked:
            raise Interrupted

    @contextmanager
    def listening(self) -> Iterator[Interruption]:
        """Handle SIGTERM and SIGINT for the block; in other threads than the main one nothing is changed."""
        if threading.current_thread() is not threading.main_thread():
            yield self
            return
        before = {n: signal.signal(n, self._handle) for n in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield self
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextmanager
    def ending(self, interrupt: Callable[[], None]) -> Iterator[None]:
        """Run the block; a signal also calls `interrupt`, again and again until the block has ended.

        Python handles a signal when the main thread comes back to it. A long query may not come back for
        hours, so a thread of its own is woken by the signal itself and ends the query. The handler raises
        nothing in here: a query that is left by an exception goes on in the threads of the database.
        Raises Interrupted at the end of the block.
        """
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        reading, writing = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        over = threading.Event()
        thread = threading.Thread(target=_when_woken, args=(reading, over, interrupt), daemon=True)
        before = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        thread.start()
        self._ending = True
        try:
            yield
        except Exception:
            self.check()
            raise
        finally:
            over.set()
            with suppress(BlockingIOError):
                os.write(writing, b"\0")
            thread.join()
            signal.set_wakeup_fd(before)
            os.close(reading)
            os.close(writing)
            self._ending = False
        self.check()

    @contextmanager
    def shielded(self) -> Iterator[None]:
        """Finish the block whatever comes; used where the pointer moves and the run is recorded."""
        self._shielded = True
        try:
            yield
        finally:
            self._shielded = False

    def _handle(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        if not self._shielded and not self._asked:
            self._asked = True
            if not self._ending:
                raise Interrupted


def _when_woken(reading: int, over: threading.Event, interrupt: Callable[[], None]) -> None:
    select.select([reading], [], [])
    # Once is not enough: an interrupt between two steps of a query is forgotten by the next step.
    while not over.wait(REPEAT_SECONDS):
        interrupt()
