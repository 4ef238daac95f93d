"""SIGTERM and Ctrl+C end a run in order: an exception at the next step, never inside the last one."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Interrupted(KeyboardInterrupt):
    """Somebody asked the run to end; outside of its steps the command ends as after Ctrl+C, without words."""


class Interruption:
    """Turns signals into `Interrupted`; inside `shielded` a signal is not heard."""

    def __init__(self) -> None:
        self._shielded = False
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
            raise Interrupted
