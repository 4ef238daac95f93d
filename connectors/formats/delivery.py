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
ARCHIVE = "archiv"
"""Folder beside delivered files that keeps those already taken over; never read as a delivery."""
# Owner files of Office, hidden files and what transfer programs call a file until it is there.
_NO_DELIVERY = re.compile(r"~\$.*|\..*|.*\.(part|partial|filepart|crdownload|tmp|lock)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One file that lies at the path of a table; `touched` is when anything about it last changed."""

    path: Path
    where: str
    size: int
    mtime_ns: int
    touched: float
    as_of: datetime


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
    """The files of a table in the order of their names; a path that is a folder means all files in it.

    Raises ConfigError for a path out of the city folder, RetriableError when nothing was
    delivered (`unreachable`) or a file is still being written (`file_not_settled`).
    """
    found = candidates(table, context)
    if not found:
        raise nothing_delivered(table)
    return [taken_up(candidate, table) for candidate in picked(found, table)]


def candidates(table: FileTable, context: Context) -> list[Candidate]:
    """All files that lie at the path of a table, in the order of their names; maybe none."""
    return [look_at(path, table, context) for path in paths_of(table, context.city)]


def paths_of(table: FileTable, city: Path) -> list[Path]:
    """Where the files of a table lie, without looking into them. Raises ConfigError `outside_city`."""
    inside(city, table.path, table.path)
    relative = (city / table.path).relative_to(city)
    pattern = f"{relative.as_posix()}/*" if (city / relative).is_dir() else in_any_case(relative)
    found = sorted(place for place in city.glob(pattern) if _is_delivery(place.relative_to(city)))
    return [path for place in found if (path := inside(city, str(place), table.path)).is_file()]


def in_any_case(path: Path) -> str:
    """A pattern whose last part fits names however their letters are written: EXPORT.CSV is a *.csv."""
    if "[" in path.name:
        return path.as_posix()
    letters = (f"[{c.lower()}{c.upper()}]" if c.isascii() and c.isalpha() else c for c in path.name)
    return (path.parent / "".join(letters)).as_posix()


def picked(found: list[Candidate], table: FileTable) -> list[Candidate]:
    """Those of the files that are read: all of them or the newest."""
    return found if table.pick == "all" else [max(found, key=lambda file: (file.as_of, file.where))]


def taken_up(file: Candidate, table: FileTable) -> DeliveredFile:
    """A file that nobody writes to any more, with its hash. Raises RetriableError `file_not_settled`."""
    if table.settle_seconds and time.time() - file.touched < table.settle_seconds:
        raise RetriableError(
            "Die Datei wird noch geschrieben",
            code="file_not_settled",
            where=file.where,
            allowed=f"{table.settle_seconds} s ohne Änderung",
        )
    try:
        hashed = digest(file.path)
    except OSError as error:
        raise _not_readable(file.where, error) from None
    return DeliveredFile(file.path, file.where, hashed, file.size, file.mtime_ns, file.as_of)


def nothing_delivered(table: FileTable) -> RetriableError:
    """The error of a path without a file."""
    return RetriableError(
        "Es liegt keine Lieferung vor",
        code="unreachable",
        where=table.path,
        next_step="Prüfen, ob das Quellsystem in diesen Ordner geliefert hat",
    )


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


def _is_delivery(relative: Path) -> bool:
    return ARCHIVE not in relative.parts[:-1] and not _NO_DELIVERY.fullmatch(relative.name)


def look_at(path: Path, table: FileTable, context: Context) -> Candidate:
    """What can be known of a file without reading it."""
    where = path.relative_to(context.city.resolve()).as_posix()
    try:
        state = path.stat()
    except OSError as error:
        raise _not_readable(where, error) from None
    as_of = min(
        _stated_as_of(path.name, table, context) or datetime.fromtimestamp(state.st_mtime).astimezone(),
        context.as_of,
    )
    # Programs may set back the time of writing, but never that of the last change of any kind.
    touched = max(state.st_mtime, state.st_ctime)
    return Candidate(path, where, state.st_size, state.st_mtime_ns, touched, as_of)


def _not_readable(where: str, error: OSError) -> RetriableError:
    return RetriableError(
        "Die Datei lässt sich nicht lesen", code="unreachable", where=where, found=error.strerror
    )


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
