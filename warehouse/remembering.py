"""What was read of something that never changes need not be read again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

R = TypeVar("R")
Row = tuple[Any, ...]


class Remembering:
    """Keeps what was read; for what is published and stays as it is as long as it is open."""

    def remember(self, key: Hashable, read: Callable[[], R]) -> R:
        """Read it the first time; two threads may both read, and read the same."""
        kept = cast("dict[Hashable, R]", self.__dict__.setdefault("_remembered", {}))
        if key not in kept:
            kept[key] = read()
        return kept[key]


class RecentRows:
    """Rows of short answers by statement and values, whoever asked; the least recently used make room.

    Figures that do not depend on the viewer are asked with the same words for everybody.
    """

    def __init__(self, answers: int = 4000, rows: int = 500) -> None:
        self._answers, self._rows = answers, rows
        self._kept: OrderedDict[str, tuple[Row, ...]] = OrderedDict()
        self._lock = threading.Lock()

    def get_or_read(self, sql: str, params: object, read: Callable[[], list[Row]]) -> list[Row]:
        """Return a list of one's own; two threads may both read, and read the same."""
        # repr() keeps 1, True and '1' apart, which are equal or hash alike as keys.
        key = f"{sql}\0{params!r}"
        with self._lock:
            if (kept := self._kept.get(key)) is not None:
                self._kept.move_to_end(key)
                return list(kept)
        rows = read()
        if len(rows) <= self._rows:
            self._keep(key, tuple(rows))
        return rows

    def _keep(self, key: str, rows: tuple[Row, ...]) -> None:
        with self._lock:
            self._kept[key] = rows
            while len(self._kept) > self._answers:
                self._kept.popitem(last=False)

    def __len__(self) -> int:
        with self._lock:
            return len(self._kept)
