"""Files leave the inbox once what they say is published; killed at any moment, none is lost or read twice.

Which files a load took over stands in its cursor, published together with its rows. Whatever of them still
lies in the inbox is put away after a publication, this one or a later one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path

from connectors.base import inside
from connectors.formats.delivery import ARCHIVE, Candidate, digest

LONGEST_NAME = 200


def taken_files(cursor: str | None) -> dict[str, str]:
    """Path below the city folder and hash of every file the last good load took over."""
    try:
        noted = json.loads(cursor or "{}")
    except ValueError:
        return {}
    files = noted.get("files") if isinstance(noted, dict) else None
    return {str(where): str(hashed) for where, hashed in files.items()} if isinstance(files, dict) else {}


def note_taken(files: Mapping[str, str]) -> str:
    """The cursor that names these files."""
    return json.dumps({"files": dict(sorted(files.items()))}, ensure_ascii=False)


def is_taken(file: Candidate, taken: Mapping[str, str]) -> bool:
    """Whether this very content has been taken over already."""
    return file.where in taken and _hash_of(file.path) == taken[file.where]


def put_away(
    city: Path, taken: Mapping[str, str], day: date, *, waiting_for: Iterable[Path] = ()
) -> list[str]:
    """Move files that were taken over into `archiv/<day>/` beside them; returns the new paths.

    A file with another content, also one that is being replaced at this moment, stays where it is, and
    so does one that another source is `waiting_for`. Raises OSError when the folder cannot be written.
    """
    kept = set(waiting_for)
    moved: list[str] = []
    for where, hashed in taken.items():
        path = city / where
        if path.is_symlink() or not path.is_file() or path in kept or _hash_of(path) != hashed:
            continue
        folder = inside(city, str(path.parent / ARCHIVE / day.isoformat()), where)
        folder.mkdir(parents=True, exist_ok=True)
        target = _free_place(folder, path.name, hashed)
        if _move(path, target, hashed):
            moved.append(target.relative_to(city.resolve()).as_posix())
    return moved


def _move(path: Path, target: Path, hashed: str) -> bool:
    path.rename(target)
    if _hash_of(target) == hashed:
        return True
    # Written to between the look and the move: back it goes, unless its name is taken again.
    with suppress(FileExistsError):
        os.link(target, path)
        target.unlink()
    return False


def _free_place(folder: Path, name: str, hashed: str) -> Path:
    target = folder / name
    if not os.path.lexists(target) or (target.is_file() and _hash_of(target) == hashed):
        return target
    stem, suffix = target.stem[:LONGEST_NAME], target.suffix[:20]
    return folder / f"{stem}~{hashed[:16]}{suffix}"


def _hash_of(path: Path) -> str | None:
    try:
        return digest(path)
    except OSError:
        return None
