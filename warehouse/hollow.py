"""A warehouse without a single row: every table is there, so that statements can be tried before the data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from warehouse.build import build
from warehouse.contract import Subject
from warehouse.migrate import prepare
from warehouse.reifegrad.ruler import Rulers
from warehouse.store import Snapshot, scratch
from warehouse.watchdog import Watchdog

NAME = "leer"


def hollow_snapshot(
    subjects: Mapping[str, Subject], rulers: Rulers, business_date: date, *, temp_directory: Path
) -> Snapshot:
    """Build it in memory; nothing is written, `temp_directory` stays unused unless memory runs out."""
    connection = scratch(temp_directory=temp_directory)
    prepare(connection, subjects)
    moment = datetime(business_date.year, business_date.month, business_date.day)
    build(
        connection, subjects=subjects, business_date=business_date, as_of=moment.replace(tzinfo=UTC),
        rulers=rulers,
    )  # fmt: skip
    connection.execute(
        "INSERT INTO meta.snapshot VALUES ($1, '', $2, $3, $3, '', '', '', 0)", [NAME, business_date, moment]
    )
    return Snapshot(connection, Watchdog(), lambda name: None)
