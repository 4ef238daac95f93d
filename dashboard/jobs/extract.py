"""Each source reads in a process of its own: a crash, an exit or a hang costs that source only.

At most `parallel` processes run at once, each with its own time limit. They are forked from a clean
server process (never from one with an open DuckDB connection) and end when the refresh is killed.
"""

from __future__ import annotations

import multiprocessing
import os
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

if TYPE_CHECKING:
    from multiprocessing.context import BaseContext
    from multiprocessing.process import BaseProcess

    from warehouse.contract import Subject

STOP_AFTER_S = 3.0
# The server listens at <temporary folder>/pymp-xxxxxxxx/listener-xxxxxxxx; Linux takes 107 bytes, others 103.
_SOCKET_PATH_BYTES = 103
_SOCKET_NAME = "/pymp-xxxxxxxx/listener-xxxxxxxx"


@dataclass(frozen=True)
class Order:
    """What one child process has to read."""

    spec: SourceSpec
    context: Context
    subjects: Mapping[str, Subject]
    cursors: Mapping[int, str]
    folder: Path
    run_id: str
    since: datetime | None = None


@dataclass
class _Child:
    order: Order
    process: BaseProcess
    pipe: Connection
    deadline: float
    started: float


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
    done: Callable[[Extracted], None] = lambda _: None,
    target: Callable[[Connection, Order], None] | None = None,
) -> dict[str, Extracted]:
    """Read all sources; returns one answer per source, a failure where there is no delivery."""
    context = _process_context()
    waiting, running, answers = deque(orders), list[_Child](), dict[str, Extracted]()
    try:
        while waiting or running:
            while waiting and len(running) < parallel:
                running.append(_start(context, waiting.popleft(), limit_s, target or _read_in_child))
            for child in _finished(running):
                running.remove(child)
                answer = Extracted(_collect(child), time.monotonic() - child.started)
                answers[child.order.spec.id] = answer
                done(answer)
    finally:
        for child in running:
            _end(child.process)
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


def _start(context: Any, order: Order, limit_s: float, target: Callable[[Connection, Order], None]) -> _Child:
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(
        target=target, args=(sender, order), name=f"source-{order.spec.id}", daemon=True
    )
    process.start()
    sender.close()
    now = time.monotonic()
    return _Child(order, process, receiver, now + limit_s, now)


def _finished(running: Sequence[_Child]) -> list[_Child]:
    """Wait until at least one child answered, died or ran out of time."""
    patience = max(0.0, min(child.deadline for child in running) - time.monotonic())
    # A timeout keeps the loop waking up, so that a signal to the refresh is handled in time.
    ready = set(wait([child.pipe for child in running], timeout=min(patience, 0.5)))
    now = time.monotonic()
    return [child for child in running if child.pipe in ready or child.deadline <= now]


def _collect(child: _Child) -> Landed:
    source = child.order.spec.id
    try:
        if child.pipe.poll():
            answer = child.pipe.recv()
            child.process.join(STOP_AFTER_S)
            if isinstance(answer, Landed):
                return answer
        elif child.process.is_alive() and child.deadline <= time.monotonic():
            return Landed(source, failure=_too_slow(child))
    except (EOFError, OSError):
        child.process.join(STOP_AFTER_S)
    finally:
        _end(child.process)
        child.pipe.close()
    return Landed(source, failure=_crashed(child.process.exitcode))


def _too_slow(child: _Child) -> Failure:
    minutes = (child.deadline - child.started) / 60
    return Failure(
        "source_timeout",
        f"Das Lesen dauerte länger als die erlaubten {minutes:.3g} Minuten und wurde beendet.",
        f"stopped after {minutes:.3g} minutes",
    )


def _crashed(exit_code: int | None) -> Failure:
    return Failure(
        "crashed",
        f"Der Leseprozess endete unerwartet (Code {exit_code}).",
        f"the reading process ended with code {exit_code}",
    )


def _end(process: BaseProcess) -> None:
    if not process.is_alive():
        return
    process.terminate()
    process.join(STOP_AFTER_S)
    if process.is_alive():
        process.kill()
        process.join()


def _read_in_child(pipe: Connection, order: Order) -> None:
    """Body of a child: read, land, answer. Ctrl+C is the parent's business."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    end_with_parent()
    pipe.send(
        land_source(
            order.spec,
            order.context,
            order.subjects,
            order.cursors,
            order.folder,
            order.run_id,
            order.since,
        )
    )
    pipe.close()


def end_with_parent() -> None:
    """End this process as soon as the one that ordered it is gone, even by kill -9."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="watch-parent").start()
