"""A copy of the bookkeeping beside the landing zone: with both, a warehouse that is lost can be rebuilt.

<landing>/.book/2026-06-09T031702Z-0042/load.parquet …   one folder per publication, the newest two are kept
"""

# ruff: noqa: S608 - names come from the catalogue through `quote`, paths through `literal`

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from warehouse.in_force import KeptLoad
from warehouse.pointer import NAME, sync_file, sync_folder
from warehouse.store import Connection, literal, quote, tables_of

BOOK, LOADS = ".book", "in_force.json"
KEPT = 2


def write_book(connection: Connection, loads: Sequence[KeptLoad], landing: Path, name: str) -> Path:
    """Write the bookkeeping of a draft that is about to be published, and its loads in force."""
    target = landing / BOOK / name
    place = target.with_name(f".{name}")
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    for table in tables_of(connection, "meta"):
        file = place / f"{table}.parquet"
        connection.execute(f"COPY meta.{quote(table)} TO {literal(str(file))} (FORMAT parquet)")
        sync_file(file)
    (place / LOADS).write_text(json.dumps([asdict(load) for load in loads]), encoding="utf-8")
    sync_file(place / LOADS)
    shutil.rmtree(target, ignore_errors=True)
    place.rename(target)
    sync_folder(target.parent)
    return target


def books(landing: Path) -> list[Path]:
    """All books, newest first."""
    found = (path for path in (landing / BOOK).glob("*") if NAME.match(path.name))
    return sorted(found, key=lambda path: path.name, reverse=True)


def prune_books(landing: Path) -> None:
    """Keep the newest ones, and nothing of those a kill left half written."""
    for book in (*books(landing)[KEPT:], *(landing / BOOK).glob(".*")):
        shutil.rmtree(book, ignore_errors=True)


def read_book(connection: Connection, book: Path) -> list[KeptLoad]:
    """Fill the empty bookkeeping of a migrated draft; returns the loads that were in force."""
    for table in tables_of(connection, "meta"):
        file = book / f"{table}.parquet"
        if table != "migration" and file.is_file():
            connection.execute(
                f"INSERT INTO meta.{quote(table)} BY NAME SELECT * FROM read_parquet({literal(str(file))})"
            )
    return [KeptLoad(**load) for load in json.loads((book / LOADS).read_text(encoding="utf-8"))]
