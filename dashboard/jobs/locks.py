"""Locks that end with their process (flock), and who holds them."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from warehouse.errors import RetriableError


@contextmanager
def only_one(path: Path, what: str) -> Iterator[None]:
    """Hold the lock file for the block; RetriableError names the holder and since when.

    The lock of a dead process is free by itself, whatever stands in the file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RetriableError(
                f"{what} läuft schon", code="already_running", where=str(path), found=_holder(path)
            ) from None
        os.ftruncate(handle, 0)
        os.write(handle, json.dumps({"pid": os.getpid(), "since": datetime.now(UTC).isoformat()}).encode())
        yield
        # Closing is not enough: a child on its way to its own program has a copy of the descriptor.
        fcntl.flock(handle, fcntl.LOCK_UN)
    finally:
        os.close(handle)


@contextmanager
def passed_on(path: Path, what: str) -> Iterator[int]:
    """Take the lock and yield its descriptor; a child that inherits it holds the lock until it ends."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RetriableError(f"{what} ist schon unterwegs", code="already_running") from None
        yield handle
    finally:
        os.close(handle)


def is_held(path: Path) -> bool:
    """True when a living process holds the lock."""
    if not path.exists():
        return False
    handle = os.open(path, os.O_RDWR)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def _holder(path: Path) -> str:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return f"PID {data['pid']} seit {data['since']}"
    except (ValueError, KeyError, OSError):
        return "unbekannter Prozess"
