"""Faults of the disk, told as what they are: full, or not writable."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from warehouse.errors import ConfigError, IsekError, RetriableError
from warehouse.store import DatabaseError

_FULL = (errno.ENOSPC, errno.EDQUOT)
_CLOSED = (errno.EROFS, errno.EACCES, errno.EPERM)


@contextmanager
def storing(where: Path) -> Iterator[None]:
    """Turn errors of the disk into RetriableError (disk_full) or ConfigError (not_writable); others pass."""
    try:
        yield
    except (OSError, DatabaseError) as error:
        if (told := disk_fault(error, where)) is None:
            raise
        raise told from error


def disk_fault(error: Exception, where: Path) -> IsekError | None:
    """The fault an error means, None when it is not about the disk."""
    number = error.errno if isinstance(error, OSError) else None
    said = str(error) if isinstance(error, DatabaseError) else ""
    if number in _FULL or "No space left on device" in said:
        return RetriableError(
            "Der Speicherplatz ist aufgebraucht",
            code="disk_full",
            where=str(where),
            next_step="Platz schaffen; der bisherige Stand bleibt in Gebrauch",
        )
    if number in _CLOSED or "Read-only file system" in said or "Permission denied" in said:
        return ConfigError(
            "Der Ordner ist nicht beschreibbar",
            code="not_writable",
            where=str(where),
            next_step="Schreibrechte des Ordners prüfen; der bisherige Stand bleibt in Gebrauch",
        )
    return None
