"""Kept answers that the web processes of one portal share: what one has drawn the others need not draw.

Files below the run folder, readable by the portal's own user only, named by a fingerprint of everything an
answer is kept by. They hold no part of a person. Each start of the portal begins with none; those of earlier
snapshots and starts are cleared away.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import threading
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dashboard.kept_answer import KeptAnswer

if TYPE_CHECKING:
    from dashboard.answers import Key

AT_MOST = 2000
_SEPARATOR = b"\n"


class SharedAnswers:
    """Answers by key in a folder; `start` tells this start of the portal, with its settings, from others."""

    def __init__(
        self, folder: Path, start: str, seconds: float, now: Callable[[], float] = time.time
    ) -> None:
        self._folder, self._start, self._seconds, self._now = folder, start, seconds, now

    def get(self, key: Key) -> KeptAnswer | None:
        """Return what another process kept and is young enough; anything unreadable counts as nothing."""
        try:
            head, _, packed = self._place(key).read_bytes().partition(_SEPARATOR)
            told = json.loads(head)
            text = zlib.decompress(packed)
            if self._now() - told["made"] >= self._seconds:
                return None
            return KeptAnswer(text[: told["gap"]], text[told["gap"] :], told["trail"])
        except (OSError, ValueError, KeyError, TypeError, zlib.error):
            return None

    def put(self, key: Key, before: bytes, after: bytes, trail: int | None) -> None:
        """Keep an answer for the others; a full disk only means that they draw it themselves."""
        place = self._place(key)
        with suppress(OSError):
            if not place.parent.is_dir():
                self._begin(place.parent)
            if len(list(place.parent.iterdir())) >= AT_MOST:
                return
            head = json.dumps({"made": self._now(), "gap": len(before), "trail": trail}).encode()
            draft = place.with_name(f"{place.name}.{os.getpid()}-{threading.get_ident()}")
            draft.write_bytes(head + _SEPARATOR + zlib.compress(before + after, 1))
            draft.replace(place)

    def _begin(self, folder: Path) -> None:
        """Make the folder of a snapshot; others that nobody has written into for long are of no more use."""
        for other in self._folder.glob("*"):
            if self._now() - other.stat().st_mtime >= self._seconds:
                shutil.rmtree(other, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def _place(self, key: Key) -> Path:
        return self._folder / f"{self._start[:12]}-{key.snapshot}" / name_of(key)


def name_of(key: Key) -> str:
    """Name of the file: equal for equal keys only."""
    asked, moment = key.asked, key.moment
    units = asked.scope.units
    told: list[Any] = [key.snapshot, moment.day.isoformat(), moment.run, moment.silent]
    told += [asked.role, None if units is None else sorted(units), asked.path, asked.params]
    return hashlib.blake2b(json.dumps(told).encode(), digest_size=20).hexdigest()


def start_of(city: Path, definitions: str) -> str:
    """What the processes of one start have in common: their parent, the definitions, the files of the town.

    A process that is replaced later reads those files anew; when they have changed it shares nothing.
    """
    files = (path for kind in ("toml", "sql", "svg") for path in city.rglob(f"*.{kind}"))
    own = sorted(path for path in files if path.relative_to(city).parts[0] not in ("var", "inbox"))
    seen = [(str(path), path.stat().st_mtime_ns) for path in own]
    told = json.dumps([os.getppid(), definitions, seen])
    return hashlib.blake2b(told.encode(), digest_size=20).hexdigest()
