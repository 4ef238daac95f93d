"""After a publication: files that were taken over leave their inboxes for the archive beside them."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.formats.archive import mark_of, put_away, taken_files
from connectors.formats.delivery import ARCHIVE, paths_of
from connectors.formats.spec import FileTable
from connectors.load import cursors
from warehouse.errors import IsekError

if TYPE_CHECKING:
    from connectors.base import SourceSpec
    from warehouse.store import Connection

log = logging.getLogger("isek.inboxes")
SHOWN = 20

Taken = Mapping[str, Mapping[int, Mapping[str, str]]]
"""Files by their path with their marks, by number of the table, by source."""


def taken_over(con: Connection, specs: Mapping[str, SourceSpec]) -> Taken:
    """What the draft says of the files of all sources that archive."""
    return {
        source: {number: taken_files(cursor) for number, cursor in cursors(con, source).items()}
        for source, spec in specs.items()
        if any(archives for _, _, archives in _tables(spec))
    }


def clear_inboxes(city: Path, specs: Mapping[str, SourceSpec], taken: Taken, day: date) -> Iterator[str]:
    """Put away what was taken over, as soon as it is published; yields a sentence for what went wrong.

    A fault here costs nothing but order: what stays is known and is not read again.
    """
    for source, tables in taken.items():
        files = {where: mark for marks in tables.values() for where, mark in marks.items()}
        if not any((city / where).is_file() for where in files):
            continue
        try:
            put_away(city, files, day, waiting_for=_waiting(city, specs, taken, source))
        except (OSError, IsekError) as error:
            log.warning("inbox of %s: %s", source, type(error).__name__)
            yield f"Gelesene Dateien von „{source}“ liegen noch im Lieferordner ({type(error).__name__})."


def archived_after(con: Connection, city: Path, specs: Mapping[str, SourceSpec], day: date) -> list[str]:
    """Files that were put away since a business date and that the draft knows nothing of."""
    found: set[str] = set()
    for source, spec in specs.items():
        known = cursors(con, source)
        for number, table, archives in _tables(spec):
            marks = set(taken_files(known.get(number)).values())
            place = Path(table.path)
            folder = city / (place if (city / place).is_dir() else place.parent) / ARCHIVE
            files = [f for f in folder.glob("*/*") if archives and f.parent.name >= day.isoformat()]
            # Of the day itself what the basis took over is no loss.
            found |= {f.relative_to(city).as_posix() for f in files if mark_of(f) not in marks}
    return sorted(found)


def missing_files(basis: str, files: Sequence[str]) -> str:
    """What people have to do about files that a run on an earlier snapshot lacks."""
    more = f" und {len(files) - SHOWN} weitere" if len(files) > SHOWN else ""
    return (
        f"Der Lauf baut auf dem früheren Stand {basis} auf; später archivierte Dateien fehlen ihm: "
        f"{', '.join(files[:SHOWN])}{more}. Nächster Schritt: sie wieder in den Lieferordner legen."
    )


def _waiting(city: Path, specs: Mapping[str, SourceSpec], taken: Taken, source: str) -> Iterator[Path]:
    """Files that another source reads as well and has not taken over yet."""
    for other, spec in specs.items():
        for number, table, archives in _tables(spec):
            known = taken.get(other, {}).get(number, {}) if archives else {}
            if other != source:
                yield from (city / w for w in _where(city, table) if w not in known)


def _where(city: Path, table: FileTable) -> Iterator[str]:
    return (path.relative_to(city.resolve()).as_posix() for path in paths_of(table, city))


def _tables(spec: SourceSpec) -> Iterator[tuple[int, FileTable, bool]]:
    for number, table in enumerate(spec.tables, start=1):
        if isinstance(table, FileTable):
            yield number, table, table.archive
