"""Calls of the operating system and of DuckDB that fail on demand: the n-th once, or from the n-th on."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest

FILES = ("open", "write_text", "read_text", "mkdir", "rename", "replace", "chmod", "unlink", "touch", "stat")
SYSTEM = ("open", "fsync", "ftruncate", "write")


class Faults:
    """Counts calls while it is armed; the chosen ones raise what a broken disk raises."""

    def __init__(self) -> None:
        self.calls, self.first, self.lasting, self.armed = 0, 0, False, False

    @contextmanager
    def failing(self, first: int, *, lasting: bool) -> Iterator[Faults]:
        """Fail call number `first`, and with `lasting` all calls after it."""
        self.calls, self.first, self.lasting, self.armed = 0, first, lasting, True
        try:
            yield self
        finally:
            self.armed = False

    def due(self) -> bool:
        """Count one call; whether it fails."""
        if not self.armed:
            return False
        self.calls += 1
        return self.calls == self.first or (self.lasting and self.calls > self.first)


def install(monkeypatch: pytest.MonkeyPatch) -> Faults:
    """Wrap what the warehouse uses to write and read; nothing fails before `failing`."""
    faults = Faults()
    for owner, names in ((Path, FILES), (os, SYSTEM), (shutil, ("copyfileobj", "rmtree"))):
        for name in names:
            monkeypatch.setattr(owner, name, _wrapped(getattr(owner, name), faults))
    connect = _database(duckdb.connect, faults)
    monkeypatch.setattr(duckdb, "connect", lambda *a, **k: _Watched(connect(*a, **k), faults))
    return faults


def _wrapped(call: Callable[..., Any], faults: Faults) -> Callable[..., Any]:
    def fallible(*args: Any, **options: Any) -> Any:
        if faults.due():
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return call(*args, **options)

    return fallible


def _database(call: Callable[..., Any], faults: Faults) -> Callable[..., Any]:
    def fallible(*args: Any, **options: Any) -> Any:
        if faults.due():
            raise duckdb.IOException("Could not write file: Input/output error")
        return call(*args, **options)

    return fallible


class _Watched:
    """A connection whose statements are counted, too."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, faults: Faults) -> None:
        self._connection, self._faults = connection, faults

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._connection, name)
        return _database(found, self._faults) if name in ("execute", "executemany") else found
