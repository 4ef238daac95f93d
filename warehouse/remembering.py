"""What was read of something that never changes need not be read again."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar, cast

R = TypeVar("R")


class Remembering:
    """Keeps what was read; for what is published and stays as it is as long as it is open."""

    def remember(self, key: Hashable, read: Callable[[], R]) -> R:
        """Read it the first time; two threads may both read, and read the same."""
        kept = cast("dict[Hashable, R]", self.__dict__.setdefault("_remembered", {}))
        if key not in kept:
            kept[key] = read()
        return kept[key]
