"""Limits that every database connection gets, in seconds."""

from __future__ import annotations

from typing import Protocol


class Limits(Protocol):
    """Time limits of a connection, in seconds."""

    @property
    def statement_timeout_s(self) -> int: ...

    @property
    def connect_timeout_s(self) -> int: ...

    @property
    def lock_timeout_s(self) -> int: ...
