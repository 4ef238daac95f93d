"""Writes ordered exports one after the other, apart from the web: one process of a machine at a time."""

from __future__ import annotations

import errno
import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.export.limit import LEAST_FREE_BYTES, MOST_BYTES, NoRoomError, TooLargeError
from dashboard.export.orders import FILE, Order, OrderBook
from warehouse.errors import IsekError

if TYPE_CHECKING:
    from warehouse.ledger import Ledger

log = logging.getLogger("isek.export")
MOST_TRIES = 2
LOST_RIGHT = "Ihre Rechte haben sich seit der Bestellung geändert. Bitte bestellen Sie den Export neu."
TOO_LARGE = f"Die Datei würde größer als {MOST_BYTES // 1_000_000} MB. Bitte setzen Sie einen Filter."
INTERRUPTED = "Der Export wurde zweimal unterbrochen. Bitte bestellen Sie ihn mit einem Filter neu."
FAILED = "Der Export ist gescheitert. Bitte bestellen Sie ihn neu."
NO_ROOM = (
    "Auf dem Server ist zu wenig Platz für diese Datei. Bitte sagen Sie der Fachadministration Bescheid."
)
STATE_GONE = "Der Datenstand der Bestellung lässt sich nicht mehr lesen. Bitte bestellen Sie den Export neu."


class CancelledError(Exception):
    """Nobody wants the file any more."""


class StoppedError(Exception):
    """The process is to end; the order is written by the next one."""


Maker = Callable[[Order, Path, Callable[[int], None]], None]
"""Writes the file of an order to a path; what it calls with the rows written may raise. Raises TooLargeError
and IsekError."""


class Runner:
    """Works off the order book with one maker. `ended` asks it to stop after the next rows."""

    def __init__(self, book: OrderBook, ledger: Ledger, make: Maker, ended: threading.Event) -> None:
        self._book, self._ledger, self._make, self._ended = book, ledger, make, ended

    def take_over(self) -> None:
        """Put back what a process left that was killed; call it as the only one who writes."""
        for order in self._book.all():
            if order.state != "fertig":
                self._book.sweep(order)
            if order.state != "laeuft":
                continue
            if order.tries >= MOST_TRIES:
                self._end(order, "gescheitert", INTERRUPTED)
            else:
                self._book.save(replace(order, state="wartet", done=0), lasting=True)

    def step(self) -> bool:
        """Write the next order; False when none waits.

        Raises OSError where not even the order can be noted; `take_over` mends what is noted then.
        """
        waiting = self._book.queue()
        if not waiting or self._ended.is_set():
            return False
        self._one(waiting[0])
        return True

    def _one(self, order: Order) -> None:
        now = self._book.now()
        order = replace(order, state="laeuft", tries=order.tries + 1, started_at=now, done=0)
        self._book.save(order, lasting=True)
        try:
            self._require_right(order)
            self._require_room()
            with self._book.work(order) as folder:
                self._make(order, folder / FILE, lambda done: self._progress(order, done))
                self._require_right(order)
                size = self._book.finish(order, folder / FILE)
            done = replace(order, done=order.total, size=size)
            self._end(done, "fertig", "")
        except StoppedError:
            self._book.save(replace(order, state="wartet", tries=order.tries - 1), lasting=True)
        except CancelledError:
            self._end(order, "abgebrochen", "")
        except (_LostRightError, TooLargeError, NoRoomError, IsekError) as error:
            self._end(order, "gescheitert", _why(order, error))
        except Exception as error:
            log.exception("export %s", order.id)
            # The file may stand there already, when only the note of it failed.
            self._book.sweep(order)
            self._end(order, "gescheitert", NO_ROOM if _is_full(error) else FAILED)

    def _progress(self, order: Order, done: int) -> None:
        if self._ended.is_set():
            raise StoppedError
        if self._book.is_unwanted(order):
            raise CancelledError
        self._require_room()
        self._book.save(replace(order, done=done))

    def _require_room(self) -> None:
        if self._book.free_bytes() < LEAST_FREE_BYTES:
            raise NoRoomError("less room on the disk than exports have to leave")

    def _require_right(self, order: Order) -> None:
        if not has_right(self._ledger, order):
            raise _LostRightError

    def _end(self, order: Order, state: str, sentence: str) -> None:
        ended = replace(order, state=state, sentence=sentence, ended_at=self._book.now())  # type: ignore[arg-type]
        self._book.save(ended, lasting=True)


class _LostRightError(Exception):
    """Whoever ordered may see less or nothing now."""


def _why(order: Order, error: Exception) -> str:
    """What the person reads; the log gets what is for those who run the portal."""
    if isinstance(error, _LostRightError):
        return LOST_RIGHT
    if isinstance(error, TooLargeError):
        return TOO_LARGE
    log.warning("export %s: %s", order.id, error)
    if isinstance(error, NoRoomError):
        return NO_ROOM
    gone = isinstance(error, IsekError) and error.code in ("unknown_snapshot", "snapshot_damaged")
    return STATE_GONE if gone else FAILED


def _is_full(error: BaseException | None) -> bool:
    """Whether a full disk is behind an error, whoever has wrapped it."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        error = error.__cause__ or error.__context__
    return False


def has_right(ledger: Ledger, order: Order) -> bool:
    """Whether the person still has the rights of the moment the order was placed."""
    account = ledger.account(order.account)
    if account is None or account.disabled_at is not None:
        return False
    return (account.role, tuple(account.units)) == (order.role, order.units)
