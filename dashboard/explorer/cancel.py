"""„Abbrechen“: a question is ended on the wish of the one who asked it, in whichever process it runs.

The wish is a file in the run folder named by a fingerprint of session and address, so nobody can end what
another session asked. It counts for what began before it.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from warehouse.errors import RetriableError
from warehouse.stopping import stopped_by

FOLDER = "abbrechen"
KEPT_S, AT_MOST = 60.0, 1000


def key_of(session: str, path: str, params: Mapping[str, str]) -> str:
    """Fingerprint of what a session asked; `session` is the hash the ledger knows it by."""
    told = json.dumps([session, path.rstrip("/"), sorted(params.items())])
    return hashlib.sha256(told.encode()).hexdigest()


def cancel(run_dir: Path, key: str) -> None:
    """End what runs under a key, in every process; a full disk only means that it runs to its end."""
    folder = run_dir / FOLDER
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if _clear(folder) < AT_MOST:
            mark = folder / key
            mark.touch(mode=0o600)
            # The clock of the file system lags behind by a tick.
            now = time.time_ns()
            os.utime(mark, ns=(now, now))


@contextmanager
def running(run_dir: Path, key: str) -> Iterator[None]:
    """Let queries of this block end with RetriableError (query_cancelled) once `cancel` was called."""
    wish = _Wish(run_dir / FOLDER / key)
    with stopped_by(wish.reason):
        yield


class _Wish:
    """Whether the one who asked wants no more; once seen it stays, even if the file is cleared away."""

    def __init__(self, mark: Path) -> None:
        self._mark, self._begun, self._seen = mark, time.time_ns(), False

    def reason(self) -> RetriableError | None:
        if not self._seen:
            with suppress(OSError):
                self._seen = self._mark.stat().st_mtime_ns >= self._begun
        return (
            RetriableError("Die Auswertung wurde abgebrochen", code="query_cancelled") if self._seen else None
        )


def _clear(folder: Path) -> int:
    """Remove wishes nobody can be waiting for any more; return how many are left."""
    marks = list(folder.iterdir())
    old = [mark for mark in marks if time.time() - mark.stat().st_mtime > KEPT_S]
    for mark in old:
        mark.unlink(missing_ok=True)
    return len(marks) - len(old)
