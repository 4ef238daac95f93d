"""What the process for exports does all day: look for orders, write them, delete what is over."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.export.order_run import Runner
from dashboard.export.orders import FOLDER, Order, OrderBook
from dashboard.jobs.locks import only_one
from warehouse.errors import AccessError

if TYPE_CHECKING:
    from dashboard.services import Services
    from dashboard.settings import Settings

log = logging.getLogger("isek.export")
LOOK_EVERY_S, PAUSE_S = 1.0, 30.0
CLEAR_EVERY = 60
LOCK = "exporte.lock"


def lock_path(settings: Settings) -> Path:
    """The lock of the one process of this portal that writes exports."""
    return settings.run_dir / LOCK


def run_orders(settings: Settings, opened: Callable[[], Services], *, once: bool = False) -> int:
    """Be that process until SIGTERM; with `once` only until nothing waits. RetriableError when there is one.

    `opened` is called with the first order: until then the process stays small.
    """
    ended = threading.Event()
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ended.set())
    (settings.run_dir / FOLDER).mkdir(parents=True, exist_ok=True, mode=0o700)
    with only_one(lock_path(settings), "Der Prozess für Exporte"):
        _stay(OrderBook(settings.run_dir), opened, ended, once=once)
    return 0


def _stay(book: OrderBook, opened: Callable[[], Services], ended: threading.Event, *, once: bool) -> None:
    services = cache(opened)
    runner: Runner | None = None
    looks = 0
    while not ended.is_set():
        try:
            if looks % CLEAR_EVERY == 0:
                book.clear()
            looks += 1
            if runner is None and (book.queue() or book.running()):
                runner = _runner(book, services(), ended)
            if runner is not None and runner.step():
                continue
        except OSError:
            if once:
                raise
            # A full disk passes; what stands half noted is put right when work begins anew.
            log.exception("exports pause for %s s", PAUSE_S)
            runner = None
            ended.wait(PAUSE_S)
            continue
        if once:
            return
        ended.wait(LOOK_EVERY_S)


def _runner(book: OrderBook, services: Services, ended: threading.Event) -> Runner:
    runner = Runner(book, services.ledger, maker(services), ended)
    runner.take_over()
    return runner


def maker(services: Services) -> Callable[[Order, Path, Callable[[int], None]], None]:
    """Return what writes the file of an order: the same view, person, snapshot as when it was placed."""
    from dashboard.auth.sessions import viewer_of
    from dashboard.cockpits.selection import UNIT_LEVEL
    from dashboard.dimension_words import speak
    from dashboard.export.explorer_asked import listing, read_asked
    from dashboard.export.list_file import write_list

    def make(order: Order, target: Path, on_rows: Callable[[int], None]) -> None:
        account = services.ledger.account(order.account)
        if account is None:
            raise AccessError("this account is gone", code="not_allowed")
        viewer = viewer_of(account)
        speak({UNIT_LEVEL: services.settings.terms.unit})
        try:
            services.pin_named(order.snapshot)
            found = listing(services, viewer, read_asked(services, viewer, order.params))
            write_list(order.form, target, found, on_rows)
        finally:
            services.unpin()

    return make
