"""The city of the serving measurement: the example city with many more cases behind its marts.

The cases are written by SQL into the stage of a draft and published as a run does it: built, stamped, named.
A folder that holds such a city already is used as it is.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from dashboard.__main__ import main
from dashboard.auth.accounts import add_account
from dashboard.cli.stores import open_ledger, open_warehouse
from dashboard.jobs.definitions import keep_definitions
from dashboard.jobs.protection import protect_small_numbers
from dashboard.jobs.refresh import DRAFT_THREADS
from dashboard.jobs.stamp import definition_hash, stamp
from dashboard.settings import Settings, load_settings
from warehouse.book import write_book
from warehouse.build import build, load_models
from warehouse.decided.files import load_decided
from warehouse.in_force import loads_in_force
from warehouse.reifegrad.files import load_rulers
from warehouse.store import Connection, open_draft
from warehouse.subjects import load_subjects

MARK = "bench.json"
MEMORY = "4GB"
# Copies of the cases of the example: same procedure, unit and channel, days moved by up to two weeks.
CASES = """
INSERT INTO stage."case"
SELECT procedure, case_id || '-' || copy, org_unit_id, channel,
       least(received_on + (hash(case_id, copy) % 15)::INTEGER, run.day),
       CASE WHEN decided_on IS NOT NULL THEN
            least(decided_on + (hash(case_id, copy) % 15 + hash(copy, case_id) % 9)::INTEGER, run.day) END,
       changed_at, _source, _run_id, _line
FROM (SELECT *, row_number() OVER (ORDER BY case_id) AS number FROM stage."case")
CROSS JOIN range($1) AS copies (copy)
CROSS JOIN (SELECT CAST($3 AS DATE) AS day) AS run
WHERE copy * $4 + number <= $2
"""
UNITS = (
    *("DEZ1", "DEZ2", "DEZ3", "DEZ4", "FD10", "FD20", "FD32", "FD40"),
    *("FD50", "FD51", "FD61", "FD63", "FD66", "FD70", "FD37", "FD67"),
)


@dataclass(frozen=True)
class Town:
    """A city to be served, the rows behind its marts, the logins of people who may look."""

    settings: Settings
    rows: int
    logins: tuple[str, ...]


def town_at(folder: Path, rows: int) -> Town:
    """Return the city in a folder; written first when it is not there or has another number of cases."""
    known = _known(folder)
    if known.get("rows") != rows:
        if known:
            raise RuntimeError(f"{folder} holds a city with {known['rows']} cases: name another folder")
        _write(folder, rows)
    settings = load_settings(folder, {})
    return Town(settings, rows, _people(settings))


def _known(folder: Path) -> dict[str, Any]:
    mark = folder / "var" / MARK
    found: dict[str, Any] = json.loads(mark.read_text(encoding="utf-8")) if mark.is_file() else {}
    return found


def _write(folder: Path, rows: int) -> None:
    if main(["demo", str(folder), "--no-serve"], {}):
        raise RuntimeError("the example city could not be written")
    settings = load_settings(folder, {})
    publish_cases(settings, rows)
    (folder / "var" / MARK).write_text(json.dumps({"rows": rows}), encoding="utf-8")


def publish_cases(settings: Settings, rows: int) -> str:
    """Fill up to `rows` cases and publish; returns the name of the snapshot."""
    warehouse, started = open_warehouse(settings), datetime.now(UTC)
    with warehouse.lock():
        draft = warehouse.new_draft()
        name = warehouse.next_name(started)
        con = open_draft(
            draft, memory_limit=MEMORY, threads=DRAFT_THREADS, temp_directory=settings.temp_dir / "draft"
        )
        try:
            _fill(con, settings, rows, name, started)
        finally:
            con.close()
        warehouse.publish(draft, name)
        warehouse.prune(1, 0)
    return name


def _fill(con: Connection, settings: Settings, rows: int, name: str, started: datetime) -> None:
    day, as_of = _day_of(con)
    (have,) = con.execute('SELECT count(*) FROM stage."case"').fetchone() or (0,)
    wanted = rows - have
    if wanted > 0:
        con.execute(CASES, [-(-wanted // have), wanted, day, have])
    subjects, rulers, decided = (
        load_subjects(settings.city),
        load_rulers(settings.city),
        load_decided(settings.city),
    )
    build(
        con, subjects=subjects, business_date=day, as_of=as_of, models=load_models(), rulers=rulers,
        decided=decided,
    )  # fmt: skip
    protect_small_numbers(con, settings, day)
    stamp(
        con, name=name, city=settings.name, business_date=day, as_of=as_of, created_at=datetime.now(UTC),
        run_id=f"{started:%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}",
        definitions=definition_hash(subjects, rulers, decided),
    )  # fmt: skip
    keep_definitions(con, settings.city, subjects)
    write_book(con, loads_in_force(con), settings.landing_dir, name)


def _day_of(con: Connection) -> tuple[date, datetime]:
    row = con.execute("SELECT business_date, as_of FROM meta.snapshot").fetchone()
    if row is None:
        raise RuntimeError("the example city has no snapshot")
    return row[0], row[1].replace(tzinfo=UTC)


def _people(settings: Settings) -> tuple[str, ...]:
    """Logins of whole-city roles and of one head for each of many units; made when they are not there."""
    ledger = open_ledger(settings)
    wanted = [("mess-leitung", "leitung", ()), ("mess-controlling", "controlling", ())]
    wanted += [(f"mess-{unit.lower()}", "fachbereichsleitung", (unit,)) for unit in UNITS]
    for login, role, units in wanted:
        if ledger.account_by_login(login) is None:
            words = {"login": login, "name": f"Person {login}", "function": "Messung"}
            add_account(ledger, settings, **words, role=role, units=units)
    ledger.close()
    return tuple(login for login, _, _ in wanted)
