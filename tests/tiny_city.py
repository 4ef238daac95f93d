"""A city small enough to write in a test: three sources of two kinds that can be broken one by one."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from dashboard.jobs.accounting import RunRecord, SourceLine
from dashboard.jobs.refresh import Request, run_refresh
from dashboard.settings import Settings, create_secret, load_settings
from warehouse.ledger import Ledger
from warehouse.store import Snapshot, SnapshotReader

DAY = date(2026, 6, 9)
NOON = datetime(2026, 6, 9, 10, tzinfo=UTC)

_READERS: dict[Path, SnapshotReader] = {}

PORTAL = 'name = "Kleinstadt"\nags = "01001000"\n'
ORGANISATION = """
title = "Organisation"
owner = "FD 10"
kind = "files"
nature = "echt"
fresh_for_days = 400
[[table]]
feeds = "org_unit"
path = "organisation.csv"
"""
TERMINE = """
title = "Termine"
owner = "Ratsbüro"
kind = "files"
nature = "echt"
[[table]]
feeds = "appointment"
path = "inbox/termine.csv"
allow_rejected = 0.1
"""
WOHNGELD = """
title = "Wohngeld"
owner = "FD 50"
kind = "sql"
nature = "echt"
[connection]
url = "sqlite:///fachverfahren.sqlite"
[[table]]
feeds = "case"
query = "SELECT procedure, case_id, org_unit_id, channel, received_on, decided_on, changed_at FROM vorgang"
"""


def write_city(folder: Path) -> Settings:
    """Write the city with ten appointments and twenty cases; return its settings."""
    for name in ("sources", "inbox", "var"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "portal.toml").write_text(PORTAL, encoding="utf-8")
    for source, text in (("organisation", ORGANISATION), ("termine", TERMINE), ("wohngeld", WOHNGELD)):
        (folder / "sources" / f"{source}.toml").write_text(text, encoding="utf-8")
    head = ("unit_id", "parent_id", "name", "short", "kind", "valid_from", "valid_to")
    write_rows(
        folder / "organisation.csv",
        head,
        [
            ("S", "", "Stadt", "Stadt", "stadt", "01.01.2020", ""),
            ("FD50", "S", "Soziales", "FD 50", "fachdienst", "01.01.2020", ""),
        ],
    )
    write_appointments(folder, 10)
    write_cases(folder, 20)
    create_secret(folder)
    return load_settings(folder, {})


def write_rows(path: Path, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a German CSV that has been lying there for a while."""
    lines = [";".join(head), *(";".join(row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    settle(path)


def settle(path: Path) -> None:
    """Make a file look as if nobody had written to it for an hour."""
    old = time.time() - 3600
    os.utime(path, (old, old))


def write_appointments(
    folder: Path, count: int, *, head: Sequence[str] = ("appointment_id", "on_date", "title", "detail")
) -> None:
    """Write `count` appointments."""
    rows = [(f"T{n}", f"{n % 28 + 1:02d}.06.2026", f"Sitzung {n}", "Haushalt") for n in range(count)]
    write_rows(folder / "inbox" / "termine.csv", head, rows)


def write_cases(folder: Path, count: int, *, channel: str = "online") -> None:
    """Write `count` cases into the Fachverfahren."""
    with sqlite3.connect(folder / "fachverfahren.sqlite") as con:
        con.execute("DROP TABLE IF EXISTS vorgang")
        con.execute(
            "CREATE TABLE vorgang (procedure TEXT, case_id TEXT, org_unit_id TEXT, channel TEXT,"
            " received_on TEXT, decided_on TEXT, changed_at TEXT)"
        )
        con.executemany(
            "INSERT INTO vorgang VALUES"
            " ('wohngeld', ?, 'FD50', ?, '2026-05-01', '2026-05-20', '2026-05-20 10:00:00')",
            [(f"A{n}", channel) for n in range(count)],
        )
    con.close()


def refresh(
    settings: Settings, *, day: date = DAY, now: datetime = NOON, only: Sequence[str] | None = None
) -> RunRecord:
    """Do one run."""
    return run_refresh(settings, Ledger(settings.ledger_url), Request(day, only), now=lambda: now)


def line(record: RunRecord, source: str) -> SourceLine:
    """The accounting of one source."""
    return next(s for s in record.sources if s.source == source)


def snapshot(settings: Settings) -> Snapshot:
    """What is published now; one reader per process and city, as in a web worker."""
    reader = _READERS.setdefault(
        settings.warehouse_dir, SnapshotReader(settings.warehouse_dir, temp_directory=settings.temp_dir)
    )
    return reader.current()


def count(settings: Settings, table: str) -> int:
    """Rows of a published table."""
    return int(snapshot(settings).query(f"SELECT count(*) FROM {table}")[0][0])


def state(settings: Settings, source: str) -> tuple[str, str | None, int]:
    """State, reason code and published rows of a source as the snapshot tells them."""
    rows = snapshot(settings).query(
        "SELECT state, reason_code, published FROM meta.source WHERE source = $1", [source]
    )
    return rows[0]  # type: ignore[return-value]
