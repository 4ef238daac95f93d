"""Snapshots of an earlier version of the portal may lack what a figure of today is counted from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from metrics.lineage import Snapshot
from warehouse.errors import RetriableError
from warehouse.store import MissingError

CODE = "older_snapshot"


@contextmanager
def told_when_older(snapshot: Snapshot) -> Iterator[None]:
    """Tell a missing table or column; the next night builds it. Raises RetriableError (older_snapshot)."""
    try:
        yield
    except MissingError as error:
        raise RetriableError(
            "Diesem Stand fehlt eine Tabelle oder Spalte, aus der heute gezählt wird",
            code=CODE,
            where=snapshot.name,
            found=str(error).splitlines()[0],
            next_step="Der nächste Lauf baut sie auf: isek refresh; ob etwas fehlt: isek metrics --check",
        ) from error


def is_older(error: Exception) -> bool:
    """Whether an error says that a snapshot is older than what is asked of it."""
    return isinstance(error, RetriableError) and error.code == CODE
