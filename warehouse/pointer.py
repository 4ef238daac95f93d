"""Names and places of snapshots, and the small file that says which one counts."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path

NAME = re.compile(r"^\d{4}-\d{2}-\d{2}T\d{6}Z-(\d{4,})$")
SUFFIX = ".duckdb"


def snapshot_name(started_at: datetime, serial: int) -> str:
    """`2026-06-09T031702Z-0042`: start of the run in UTC and a serial that is never used twice."""
    return f"{started_at.astimezone(UTC):%Y-%m-%dT%H%M%SZ}-{serial:04d}"


def serial_of(name: str) -> int:
    """Serial of a snapshot name; 0 for anything else."""
    match = NAME.match(name)
    return int(match.group(1)) if match else 0


def snapshot_path(warehouse: Path, name: str) -> Path:
    """File of a snapshot."""
    return warehouse / "snapshots" / f"{name}{SUFFIX}"


def snapshot_names(warehouse: Path) -> list[str]:
    """All published snapshots, newest first; the order of publication, whatever the clock did."""
    folder = warehouse / "snapshots"
    names = (entry.stem for entry in folder.glob(f"*{SUFFIX}")) if folder.is_dir() else ()
    return sorted((name for name in names if NAME.match(name)), key=lambda n: (serial_of(n), n), reverse=True)


def read_pointer(warehouse: Path) -> str | None:
    """Name the pointer holds; None when it is missing, empty or no snapshot name."""
    try:
        text = (warehouse / "current").read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return text if NAME.match(text) else None


def write_pointer(warehouse: Path, name: str) -> None:
    """Move the pointer in one step that survives a kill at any moment."""
    temporary = warehouse / f".current-{os.getpid()}"
    with temporary.open("w", encoding="ascii") as file:
        file.write(name + "\n")
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(warehouse / "current")
    sync_folder(warehouse)


def sync_folder(folder: Path) -> None:
    """Make renames inside a folder lasting."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_file(path: Path) -> None:
    """Make the content of a file lasting."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@dataclass(frozen=True)
class Passport:
    """What is known of a snapshot without opening it; JSON beside it, written before the pointer moves."""

    name: str
    sha256: str
    size_bytes: int
    business_date: date
    created_at: datetime
    run_id: str
    content_hash: str

    def to_json(self) -> str:
        """Text of the passport file."""
        return json.dumps(asdict(self), default=lambda value: value.isoformat(), indent=1)

    @classmethod
    def from_json(cls, text: str) -> Passport:
        """Raises ValueError, KeyError or TypeError for anything but a passport."""
        data = json.loads(text)
        days = {"business_date": date.fromisoformat(data["business_date"])}
        return cls(**{**data, **days, "created_at": datetime.fromisoformat(data["created_at"])})


def passport_path(warehouse: Path, name: str) -> Path:
    """File of a snapshot's passport."""
    return warehouse / "snapshots" / f"{name}.json"


def read_passport(warehouse: Path, name: str) -> Passport | None:
    """Passport of a snapshot; None when it is missing, damaged or another one's."""
    try:
        passport = Passport.from_json(passport_path(warehouse, name).read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return passport if passport.name == name else None


def file_digest(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_intact(warehouse: Path, name: str, *, up_to_bytes: int | None = None) -> bool:
    """Whether a snapshot still is what was published, bit for bit.

    Files larger than `up_to_bytes` are only compared by size; the night scans them whole.
    """
    passport, path = read_passport(warehouse, name), snapshot_path(warehouse, name)
    try:
        if passport is None or path.stat().st_size != passport.size_bytes:
            return False
        too_large = up_to_bytes is not None and passport.size_bytes > up_to_bytes
        return too_large or file_digest(path) == passport.sha256
    except OSError:
        return False


def is_altered(warehouse: Path, name: str) -> bool:
    """Whether a snapshot can be read in full and is not what was published."""
    passport, path = read_passport(warehouse, name), snapshot_path(warehouse, name)
    if passport is None:
        return False
    try:
        return path.stat().st_size != passport.size_bytes or file_digest(path) != passport.sha256
    except OSError:
        return False


def candidates(warehouse: Path) -> Iterator[str]:
    """Snapshots to try, best first: the one pointed to, then the others from the newest on."""
    pointed = read_pointer(warehouse)
    if pointed:
        yield pointed
    yield from (name for name in snapshot_names(warehouse) if name != pointed)
