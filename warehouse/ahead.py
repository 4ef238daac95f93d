"""Pieces of a delivery, read while the one before is being checked."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from queue import Full, Queue

import pyarrow as pa

PIECE_ROWS = 100_000
PIECE_BYTES = 4 * 1024 * 1024
PAUSE_S = 0.2

_END = object()


def pieces(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """Batches of equal columns put together until a piece is worth a query; there may be none."""
    waiting: list[pa.RecordBatch] = []
    rows = size = 0
    for batch in batches:
        if waiting and (batch.schema != waiting[0].schema or rows >= PIECE_ROWS or size >= PIECE_BYTES):
            yield pa.Table.from_batches(waiting)
            waiting, rows, size = [], 0, 0
        waiting.append(batch)
        rows, size = rows + batch.num_rows, size + batch.nbytes
    if waiting:
        yield pa.Table.from_batches(waiting)


@contextmanager
def read_ahead(source: Iterable[pa.Table]) -> Iterator[Iterator[pa.Table]]:
    """The same pieces, made by a thread of its own: database and network work while we do.

    At most one finished piece waits. Errors of the source are raised here. Left early, the thread ends
    with the piece it is at; it is never waited for longer than a moment.
    """
    queue: Queue[object] = Queue(maxsize=1)
    left = threading.Event()
    thread = threading.Thread(target=_fill, args=(source, queue, left), name="read-ahead", daemon=True)
    thread.start()
    try:
        yield _drain(queue)
    finally:
        left.set()
        thread.join(PAUSE_S)


def _fill(source: Iterable[pa.Table], queue: Queue[object], left: threading.Event) -> None:
    try:
        for piece in source:
            _put(queue, piece, left)
            if left.is_set():
                return
        _put(queue, _END, left)
    except BaseException as error:  # noqa: BLE001 (sys.exit of a connector is its own failure, not a lost thread)
        _put(queue, error, left)


def _put(queue: Queue[object], item: object, left: threading.Event) -> None:
    while not left.is_set():
        try:
            return queue.put(item, timeout=PAUSE_S)
        except Full:
            continue


def _drain(queue: Queue[object]) -> Iterator[pa.Table]:
    while (item := queue.get()) is not _END:
        if isinstance(item, BaseException):
            raise item
        yield item
