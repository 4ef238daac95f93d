"""Optional local passwords: argon2id, at most two hashes at once on the machine.

One hash costs about 100 ms and 64 MiB. Without a bound, a few hundred login attempts would take the
server down, so the slots are lock files that all workers share.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from warehouse.errors import ConfigError, RetriableError

SLOTS = 2
WAIT_S = 5.0
MIN_LENGTH = 15
MAX_LENGTH = 256
TOO_COMMON = ("passwort", "password", "123456", "qwertz", "qwerty", "geheim", "hallo", "sommer", "winter")


class Passwords:
    """Hashes and verifies; `folder` holds the slot files shared by all workers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._hasher = PasswordHasher()
        self._decoy: str | None = None

    def hash(self, password: str) -> str:
        """Return an argon2id hash of an acceptable password; ConfigError otherwise."""
        check_password(password)
        with self._slot():
            return self._hasher.hash(password)

    def verify(self, hashed: str | None, password: str) -> bool:
        """True when the password fits. Without a hash the same work is done, so time tells nothing."""
        with self._slot():
            # Made for everybody, not only when it is needed: else the first unknown login took twice as long.
            decoy = self._decoy_hash()
            if len(password) > MAX_LENGTH:
                password = password[:MAX_LENGTH]
                hashed = None
            try:
                fits = self._hasher.verify(hashed or decoy, password)
            except (VerificationError, InvalidHashError):
                return False
            return fits and hashed is not None

    def _decoy_hash(self) -> str:
        if self._decoy is None:
            self._decoy = self._hasher.hash(os.urandom(16).hex())
        return self._decoy

    @contextmanager
    def _slot(self) -> Iterator[None]:
        self._folder.mkdir(parents=True, exist_ok=True)
        handle = self._take_slot()
        try:
            yield
        finally:
            os.close(handle)

    def _take_slot(self) -> int:
        deadline = time.monotonic() + WAIT_S
        while time.monotonic() < deadline:
            for number in range(SLOTS):
                handle = os.open(self._folder / f"hash-{number}.lock", os.O_RDWR | os.O_CREAT, 0o600)
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    return handle
                except BlockingIOError:
                    os.close(handle)
            time.sleep(0.02)
        raise RetriableError("Zu viele Anmeldungen zugleich", code="busy", next_step="gleich noch einmal")


def check_password(password: str) -> None:
    """Refuse a short, over-long, uniform or common password; any characters are allowed."""
    problem = None
    if len(password) < MIN_LENGTH:
        problem = f"ist kürzer als {MIN_LENGTH} Zeichen"
    elif len(password) > MAX_LENGTH:
        problem = f"ist länger als {MAX_LENGTH} Zeichen"
    elif len(set(password.lower())) < 6 or _mostly_common(password.lower()):
        problem = "ist zu einförmig oder zu bekannt"
    if problem:
        raise ConfigError(
            f"Das Passwort {problem}",
            code="weak_password",
            next_step="mehrere zufällige Wörter hintereinander sind gut",
        )


def _mostly_common(password: str) -> bool:
    rest = password
    for word in TOO_COMMON:
        rest = rest.replace(word, "")
    return len(rest) < 8
