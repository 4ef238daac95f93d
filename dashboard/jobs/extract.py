"""Each source reads in a process of its own: a crash, an exit, a hang or a leak costs that source only.

At most `parallel` processes run at once, each with its own limits of time and memory. They are forked from
a clean server process (never from one with an open DuckDB connection), end when the refresh is killed, and
take along whatever they started.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import pkgutil
import signal
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import TYPE_CHECKING, Any

import connectors
from connectors.base import Context, SourceSpec
from connectors.land import Failure, Landed, land_source
from dashboard.jobs.confinement import MIB, Ward, Warden, confine, end_family

if TYPE_CHECKING:
    from multiprocessing.context import BaseContext
    from multiprocessing.process import BaseProcess

    from warehouse.contract import Subject

STOP_AFTER_S = 3.0
MEMORY_MB = 1024
LONGEST_ANSWER = 32 * MIB
"""Bytes of one answer: counts, paths and findings; rows lie in the landing zone."""
# The server listens at <temporary folder>/pymp-xxxxxxxx/listener-xxxxxxxx; Linux takes 107 bytes, others 103.
_SOCKET_PATH_BYTES = 103
_SOCKET_NAME = "/pymp-xxxxxxxx/listener-xxxxxxxx"


@dataclass(frozen=True)
class Order:
    """What one child process has to read; with `first_rows_s` it has no longer for the first rows."""

    spec: SourceSpec
    context: Context
    subjects: Mapping[str, Subject]
    cursors: Mapping[int, str]
    folder: Path
    run_id: str
    since: datetime | None = None
    until: datetime | None = None
    first_rows_s: float | None = None


ALIVE = "first rows"
"""What a reading process says when a source with little time begins to deliver."""


@dataclass(frozen=True)
class _Limits:
    seconds: float
    memory_mb: int


@dataclass
class _Child:
    order: Order
    process: BaseProcess
    pipe: Connection
    ward: Ward
    limits: _Limits
    started: float
    answer: object = None


@dataclass(frozen=True)
class Extracted:
    """What came of one source and how long it took."""

    landed: Landed
    seconds: float


def extract(
    orders: Sequence[Order],
    *,
    parallel: int,
    limit_s: float,
    memory_mb: int = MEMORY_MB,
    done: Callable[[Extracted], None] = lambda _: None,
    target: Callable[[Connection, Order], None] | None = None,
) -> dict[str, Extracted]:
    """Read all sources; returns one answer per source, a failure where there is no delivery."""
    context, usual = _process_context(), _Limits(limit_s, memory_mb)
    waiting, running, answers = deque(orders), list[_Child](), dict[str, Extracted]()
    with Warden() as warden:
        try:
            while waiting or running:
                while waiting and len(running) < parallel:
                    running.append(_start(context, warden, waiting.popleft(), usual, target or read_source))
                for child in filter(_is_done, _ready(running)):
                    running.remove(child)
                    answer = Extracted(_collect(child, warden), time.monotonic() - child.started)
                    answers[child.order.spec.id] = answer
                    done(answer)
        finally:
            for child in running:
                warden.dismiss(child.ward.pid)
                child.process.kill()
    return answers


def _process_context() -> BaseContext:
    methods = multiprocessing.get_all_start_methods()
    by_server = "forkserver" in methods and _fits_a_socket(tempfile.gettempdir())
    context = multiprocessing.get_context("forkserver" if by_server else "spawn")
    if by_server:
        # Loading drivers costs half a second; done once in the server, every child inherits it.
        context.set_forkserver_preload([__name__, *_connector_modules()])
    return context


def _fits_a_socket(folder: str) -> bool:
    """A city may lie deep; then children start on their own, half a second slower."""
    return len(os.fsencode(folder + _SOCKET_NAME)) <= _SOCKET_PATH_BYTES


def _connector_modules() -> list[str]:
    return [info.name for info in pkgutil.walk_packages(connectors.__path__, "connectors.")]


def _start(
    context: Any, warden: Warden, order: Order, usual: _Limits, target: Callable[[Connection, Order], None]
) -> _Child:
    limits = _limits_of(order, usual)
    receiver, sender = context.Pipe(duplex=False)
    # Not a daemon: connectors may give risky parsing to a process of their own.
    process = context.Process(
        target=_confined,
        args=(target, sender, order, limits.memory_mb),
        name=f"source-{order.spec.id}",
        daemon=False,
    )
    process.start()
    sender.close()
    now = time.monotonic()
    first_s = min(limits.seconds, order.first_rows_s or limits.seconds)
    ward = warden.take(Ward(process.pid, now + first_s, limits.memory_mb * MIB))
    return _Child(order, process, receiver, ward, limits, now)


def _limits_of(order: Order, usual: _Limits) -> _Limits:
    minutes = order.spec.minutes
    return _Limits(minutes * 60 if minutes else usual.seconds, order.spec.memory_mb or usual.memory_mb)


def _ready(running: Sequence[_Child]) -> list[_Child]:
    """Wait until at least one child says something or dies; the warden sees to it that each does."""
    places = {place: child for child in running for place in (child.pipe, child.process.sentinel)}
    # A timeout keeps the loop waking up, so that a signal to the refresh is handled in time.
    ready = wait(list(places), timeout=0.5)
    for child in running:
        # The warden ends families; a child that is still on its way to its own family would outlive that.
        if child.ward.verdict is not None:
            child.process.kill()
    return [child for child in running if child.pipe in ready or child.process.sentinel in ready]


def _is_done(child: _Child) -> bool:
    """False when it only showed that it lives; then it has its whole time."""
    child.answer = _received(child)
    if child.answer != ALIVE:
        return True
    child.ward.deadline = child.started + child.limits.seconds
    return False


def _received(child: _Child) -> object:
    try:
        return pickle.loads(child.pipe.recv_bytes(LONGEST_ANSWER)) if child.pipe.poll() else None  # noqa: S301
    except Exception:  # noqa: BLE001 - half an answer, a monstrous one or nonsense: none of them counts
        return None


def _collect(child: _Child, warden: Warden) -> Landed:
    """The answer of a child, or why there is none; its family is gone afterwards."""
    child.process.join(STOP_AFTER_S)
    exit_code = child.process.exitcode
    warden.dismiss(child.ward.pid)
    child.process.kill()
    child.process.join()
    child.pipe.close()
    if isinstance(child.answer, Landed):
        return child.answer
    return Landed(child.order.spec.id, failure=_why_none(child, exit_code))


def _why_none(child: _Child, exit_code: int | None) -> Failure:
    if child.ward.verdict == "time":
        return _too_slow(child.ward.deadline - child.started)
    if child.ward.verdict == "memory":
        return _too_large(child.limits.memory_mb)
    return _crashed(exit_code)


def _too_slow(seconds: float) -> Failure:
    """What a source says that was ended for its time."""
    minutes = f"{seconds / 60:.3g}".replace(".", ",")
    return Failure(
        "source_timeout",
        f"Das Lesen dauerte länger als die erlaubten {minutes} Minuten und wurde beendet.",
        f"stopped after {seconds:.3g} s",
    )


def _too_large(memory_mb: int) -> Failure:
    return Failure(
        "source_memory",
        f"Das Lesen brauchte mehr als die erlaubten {memory_mb} MB Arbeitsspeicher und wurde beendet. "
        "Nächster Schritt: Prüfen, ob mehr geliefert wird als sonst; sonst memory_mb der Quelle erhöhen.",
        f"stopped at {memory_mb} MB",
    )


def _crashed(exit_code: int | None) -> Failure:
    if exit_code is not None and exit_code < 0:
        how = f"wurde vom System beendet (Signal {-exit_code})"
    else:
        how = f"endete ohne Ergebnis (Code {exit_code})"
    return Failure("crashed", f"Der Leseprozess {how}.", f"the reading process ended with code {exit_code}")


def _confined(
    target: Callable[[Connection, Order], None], pipe: Connection, order: Order, memory_mb: int
) -> None:
    """Body of a child. It ends here whatever threads it leaves behind, and without a traceback."""
    confine(memory_mb)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    end_with_parent()
    code = 1
    try:
        target(pipe, order)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    finally:
        pipe.close()
        os._exit(code)


def read_source(pipe: Connection, order: Order) -> None:
    """Read, land, answer."""
    pipe.send(
        land_source(
            order.spec,
            order.context,
            order.subjects,
            order.cursors,
            order.folder,
            order.run_id,
            order.since,
            until=order.until,
            first_rows=lambda: pipe.send(ALIVE) if order.first_rows_s else None,
        )
    )


def end_with_parent() -> None:
    """End this process as soon as the one that ordered it is gone, even by kill -9."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        wait([parent.sentinel])
        # With all that this process started; it leads a session of its own.
        end_family(os.getpid())
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="watch-parent").start()
