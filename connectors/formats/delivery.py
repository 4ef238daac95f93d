"""Delivered files: found inside the city folder, settled, hashed, dated."""

from __future__ import annotations

import calendar
import hashlib
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from connectors.base import Context, inside
from connectors.formats.spec import FileTable
from warehouse.errors import ConfigError, RetriableError

DAY_FORMATS = ("%Y-%m-%d", "%Y%m%d", "%d.%m.%Y")


@dataclass(frozen=True, slots=True)
class DeliveredFile:
    """One file as it lay there when reading began; `where` is its path below the city folder."""

    path: Path
    where: str
    digest: str
    size: int
    mtime_ns: int
    as_of: datetime


def find_files(table: FileTable, context: Context) -> list[DeliveredFile]:
    """The files of a table in the order of their names.

    Raises ConfigError for a path out of the city folder, RetriableError when nothing was
    delivered (`unreachable`) or a file is still being written (`file_not_settled`).
    """
    inside(context.city, table.path, table.path)
    relative = (context.city / table.path).relative_to(context.city).as_posix()
    found = sorted(context.city.glob(relative))
    paths = [path for place in found if (path := inside(context.city, str(place), table.path)).is_file()]
    if not paths:
        raise RetriableError(
            "Es liegt keine Lieferung vor",
            code="unreachable",
            where=table.path,
            next_step="Prüfen, ob das Quellsystem in diesen Ordner geliefert hat",
        )
    files = [_look_at(path, table, context) for path in paths]
    return files if table.pick == "all" else [max(files, key=lambda file: (file.as_of, file.where))]


def require_unchanged(file: DeliveredFile) -> None:
    """RetriableError `file_changing` when a file was written to while it was read."""
    try:
        state = file.path.stat()
        same = (state.st_size, state.st_mtime_ns) == (file.size, file.mtime_ns) and digest(
            file.path
        ) == file.digest
    except OSError:
        same = False
    if not same:
        raise RetriableError(
            "Die Datei wurde während des Lesens verändert", code="file_changing", where=file.where
        )


def digest(path: Path) -> str:
    """SHA-256 of a file's content."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def delivery_hash(files: Iterable[DeliveredFile]) -> str:
    """One hash over names and contents of all files of a delivery."""
    lines = "".join(f"{file.where}\t{file.digest}\n" for file in files)
    return hashlib.sha256(lines.encode()).hexdigest()


def _look_at(path: Path, table: FileTable, context: Context) -> DeliveredFile:
    where = path.relative_to(context.city.resolve()).as_posix()
    try:
        state = path.stat()
        file_digest = digest(path)
    except OSError as error:
        raise RetriableError(
            "Die Datei lässt sich nicht lesen", code="unreachable", where=where, found=error.strerror
        ) from None
    if table.settle_seconds and time.time() - state.st_mtime < table.settle_seconds:
        raise RetriableError(
            "Die Datei wird noch geschrieben",
            code="file_not_settled",
            where=where,
            allowed=f"{table.settle_seconds} s ohne Änderung",
        )
    as_of = min(
        _stated_as_of(path.name, table, context) or datetime.fromtimestamp(state.st_mtime).astimezone(),
        context.as_of,
    )
    return DeliveredFile(path, where, file_digest, state.st_size, state.st_mtime_ns, as_of)


def _stated_as_of(name: str, table: FileTable, context: Context) -> datetime | None:
    if not table.as_of_pattern:
        return None
    match = re.search(table.as_of_pattern, name)
    day = _parse_day(match[1]) if match else None
    if day is None:
        raise ConfigError(
            "Der Dateiname nennt den Stand nicht in der vereinbarten Form",
            code="as_of_unreadable",
            where=name,
            found=match[1] if match else None,
            allowed=f"{table.as_of_pattern}: Tag (JJJJ-MM-TT, JJJJMMTT, TT.MM.JJJJ) oder Monat (JJJJ-MM)",
        )
    return day.replace(tzinfo=ZoneInfo(context.timezone))


def _parse_day(text: str) -> datetime | None:
    for form in DAY_FORMATS:
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    try:
        month = datetime.strptime(text, "%Y-%m")
    except ValueError:
        return None
    # A monthly report tells the state at the end of its month.
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])
