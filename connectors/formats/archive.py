"""Files leave the inbox once what they say is published; killed at any moment, none is lost or read twice.

Which files a load took over stands in its cursor, published together with its rows. Whatever of them still
lies in the inbox is put away after a publication, this one or a later one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

from connectors.base import Context, inside
from connectors.formats.delivery import ARCHIVE, Candidate, digest, in_any_case, look_at
from connectors.formats.spec import FileTable

LONGEST_NAME = 80
"""Characters of a name that is kept when its place is taken; a character may be four bytes."""


def taken_files(cursor: str | None) -> dict[str, str]:
    """Path below the city folder and mark of every file the last good load took over."""
    try:
        noted = json.loads(cursor or "{}")
    except ValueError:
        return {}
    files = noted.get("files") if isinstance(noted, dict) else None
    return {str(where): str(mark) for where, mark in files.items()} if isinstance(files, dict) else {}


def note_taken(files: Iterable[tuple[str, Path]]) -> str:
    """The cursor that names these files (path below the city folder, place)."""
    marks = {where: mark for where, path in files if (mark := mark_of(path))}
    return json.dumps({"files": dict(sorted(marks.items()))}, ensure_ascii=False)


def is_taken(file: Candidate, taken: Mapping[str, str]) -> bool:
    """Whether this very file has been taken over; an equal one that came later has not."""
    known = taken.get(file.where)
    return known is not None and known.endswith(f":{file.mtime_ns}") and mark_of(file.path) == known


def archived_last(table: FileTable, context: Context) -> list[Candidate]:
    """The files of a table that were put away on the last day on which any were."""
    path = Path(table.path)
    pattern = path / "*" if (context.city / path).is_dir() else path
    found = sorted(context.city.glob(in_any_case(pattern.parent / ARCHIVE / "*" / pattern.name)))
    days = {file.parent.name for file in found}
    last = (inside(context.city, str(f), table.path) for f in found if f.parent.name == max(days))
    # Nobody writes to an archive; that a file was moved there a moment ago is no reason to wait.
    return [replace(look_at(file, table, context), touched=0.0) for file in last if file.is_file()]


def put_away(
    city: Path, taken: Mapping[str, str], day: date, *, waiting_for: Iterable[Path] = ()
) -> list[str]:
    """Move files that were taken over into `archiv/<day>/` beside them; returns the new paths.

    A file that came later, also one that is being replaced at this moment, stays where it is, and so does
    one that another source is `waiting_for`. Raises OSError when the folder cannot be written.
    """
    kept = set(waiting_for)
    moved: list[str] = []
    for where, mark in taken.items():
        path = city / where
        if ARCHIVE in Path(where).parts or path in kept or path.is_symlink() or mark_of(path) != mark:
            continue
        folder = inside(city, str(path.parent / ARCHIVE / day.isoformat()), where)
        folder.mkdir(parents=True, exist_ok=True)
        target = _free_place(folder, path.name, mark)
        if _move(path, target, mark):
            moved.append(target.relative_to(city.resolve()).as_posix())
    return moved


def _move(path: Path, target: Path, mark: str) -> bool:
    path.rename(target)
    if mark_of(target) == mark:
        return True
    # Written to between the look and the move: back it goes, unless its name is taken again.
    with suppress(FileExistsError):
        os.link(target, path)
        target.unlink()
    return False


def _free_place(folder: Path, name: str, mark: str) -> Path:
    target = folder / name
    if not os.path.lexists(target):
        return target
    return folder / f"{target.stem[:LONGEST_NAME]}~{mark[:16]}{target.suffix[:20]}"


def mark_of(path: Path) -> str | None:
    """Content and time of a file; None when there is none."""
    try:
        return f"{digest(path)}:{path.stat().st_mtime_ns}" if path.is_file() else None
    except OSError:
        return None
