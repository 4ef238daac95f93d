"""`isek status, snapshots, rollback, sources, rejected`: what is published and what was refused."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import asdict, is_dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from dashboard.cli.errors import FINDINGS, OK
from dashboard.cli.output import local_time, print_json, print_table, state_word
from dashboard.cli.stores import open_ledger, open_reader, open_warehouse, read_settings
from dashboard.cli.subjects import print_subjects
from dashboard.jobs.clock import next_due
from dashboard.jobs.heartbeat import last_heartbeat, scheduler_alive
from dashboard.jobs.locks import is_held
from dashboard.log import visible
from dashboard.settings import Settings
from warehouse.errors import RetriableError
from warehouse.status import RunStatus, SourceStatus, Status, read_status

if TYPE_CHECKING:
    from warehouse.ledger import Condition, Run
    from warehouse.publish import Warehouse


def run_status(args: Namespace) -> int:
    """Print the current snapshot, the sources with their freshness and the last runs."""
    settings = read_settings(args)
    ledger = open_ledger(settings)
    reader, runs = open_reader(settings), ledger.runs(limit=14)
    try:
        status = read_status(reader.current(), runs)
    except RetriableError:
        # Without a snapshot the reasons are all the more needed; the error says what to do.
        if not args.json:
            _print_runs(settings, runs)
            _print_disturbances(settings, ledger.conditions())
        raise
    if args.json:
        print_json(status.as_json())
        return OK
    _print_status(settings, status, reader.fallback_reason)
    _print_runs(settings, status.runs)
    _print_disturbances(settings, ledger.conditions())
    return OK


_WORDS = {
    "run": "Lauf",
    "night": "Nachtlauf",
    "schedule": "Zeitplan",
    "snapshot": "Stand",
    "post": "Benachrichtigung",
}


def _print_disturbances(settings: Settings, conditions: Sequence[Condition]) -> None:
    """What is wrong beside the sources, which stand in their own table."""
    from warehouse.ledger.notices import GOOD

    for condition in conditions:
        kind, _, name = condition.topic.partition(":")
        if kind in _WORDS and condition.state != GOOD:
            since = local_time(condition.since, settings.zone)
            what = " ".join(filter(None, (_WORDS[kind], name, condition.state)))
            print("\n" + visible(f"{what} seit {since}. {condition.reason or ''}".rstrip()))


def as_contract(value: Any) -> Any:
    """Turn read models into the JSON contract of the command line."""
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value


def _print_status(settings: Settings, status: Status, fallback_reason: str | None) -> None:
    print(f"{status.city}: Stand {status.snapshot}, Geschäftstag {status.business_date:%d.%m.%Y}")
    if fallback_reason:
        print(fallback_reason)
    print(_schedule(settings, datetime.now(UTC)) + "\n")
    print_table(
        ("Quelle", "Zustand", "Datenstand", "gelesen", "übernommen", "abgelehnt", "doppelt", "Grund"),
        (
            (
                s.id,
                "veraltet" if s.stale and s.state == "aktuell" else s.state,
                local_time(s.as_of, settings.zone),
                s.read,
                s.published,
                s.rejected,
                s.duplicates,
                s.reason or "",
            )
            for s in status.sources
        ),
    )


def _schedule(settings: Settings, now: datetime) -> str:
    last = last_heartbeat(settings)
    if last is not None and scheduler_alive(settings, now):
        due = next_due(now, settings.night.at, settings.zone)
        return f"Zeitplan läuft, nächster Nachtlauf {local_time(due, settings.zone)}"
    seen = f"letztes Lebenszeichen {local_time(last, settings.zone)}" if last else "noch kein Lebenszeichen"
    return f"Zeitplan läuft nicht, {seen}; starten: isek schedule oder isek serve"


_TRIGGERS = {
    "night": "Zeitplan",
    "hand": "von Hand",
    "part": "einzelne Quellen",
    "demo": "Beispielstadt",
    "rebuild": "Wiederaufbau",
}


def _print_runs(settings: Settings, runs: Sequence[Run | RunStatus]) -> None:
    if not runs:
        return
    print()
    print_table(
        ("Lauf", "Geschäftstag", "Anlass", "Zustand", "Beginn", "Grund"),
        (
            (
                r.run_id,
                r.business_date,
                _TRIGGERS.get(r.trigger, r.trigger),
                state_word(r.state),
                local_time(r.started_at, settings.zone),
                r.reason or "",
            )
            for r in runs
        ),
    )


def run_snapshots(args: Namespace) -> int:
    """List the published snapshots, newest first; pin one, or scan all of them in full."""
    settings = read_settings(args)
    warehouse = open_warehouse(settings)
    if args.pin or args.unpin:
        return _keep(settings, warehouse, args.pin, args.unpin)
    code = _scan(warehouse) if args.verify else OK
    infos = warehouse.snapshots()
    if args.json:
        print_json([as_contract(info) for info in infos])
        return code
    print_table(
        ("Stand", "Geschäftstag", "veröffentlicht", "aktuell", "angeheftet", "beschädigt"),
        (
            (i.name, i.business_date, local_time(i.created_at, settings.zone), i.current, i.pinned, i.damaged)
            for i in infos
        ),
    )
    return code


def _keep(settings: Settings, warehouse: Warehouse, pinned: str | None, freed: str | None) -> int:
    with warehouse.lock():
        if pinned:
            warehouse.pin(pinned)
            open_ledger(settings).record("cli", "snapshot.pinned", {"snapshot": pinned})
            print(f"{pinned} bleibt, bis er gelöst wird: isek snapshots --unpin {pinned}")
        if freed:
            warehouse.unpin(freed)
            open_ledger(settings).record("cli", "snapshot.unpinned", {"snapshot": freed})
            print(f"{freed} bleibt nur noch so lange wie andere Stände seines Alters.")
    return OK


def _scan(warehouse: Warehouse) -> int:
    """Read every snapshot in full; damaged ones are given up, the newest whole one is shown."""
    with warehouse.lock():
        given_up = warehouse.give_up_damaged(everything=True)
    unusable = warehouse.verify()
    for name in unusable:
        tail = "" if name in given_up else " (schon früher erkannt oder nicht lesbar)"
        print(f"Beschädigt: {name}{tail}; er wird nicht mehr gezeigt", file=sys.stderr)
    return FINDINGS if unusable else OK


def run_rollback(args: Namespace) -> int:
    """Move the pointer to an earlier snapshot; nothing is deleted."""
    settings = read_settings(args)
    path = open_warehouse(settings).rollback(args.name)
    open_ledger(settings).record("cli", "rollback", {"snapshot": path.stem})
    if is_held(settings.warehouse_dir / "lock"):
        # What goes on has its copy of the old one already and will move the pointer when it is done.
        print(f"Der Verweis zeigt jetzt auf {path.stem}. Ein Lauf ist noch unterwegs und baut auf dem")
        print(f"bisherigen Stand auf; wenn er veröffentlicht hat, noch einmal: isek rollback {path.stem}")
        return OK
    print(f"Der Verweis zeigt jetzt auf {path.stem}. Der nächste Lauf baut darauf auf.")
    return OK


def run_sources(args: Namespace) -> int:
    """List the declared sources, or what sources may deliver."""
    from connectors.registry import load_sources
    from warehouse.subjects import load_subjects

    settings = read_settings(args)
    subjects = load_subjects(settings.city)
    if args.subjects:
        return print_subjects(subjects, as_json=args.json)
    specs, states = load_sources(settings.city, subjects, settings.plain_secrets()), _states(settings)
    rows: list[dict[str, Any]] = [
        {
            "id": spec.id,
            "title": spec.title,
            "owner": spec.owner,
            "kind": spec.kind,
            "nature": spec.nature,
            "every": spec.every,
            "feeds": [table.feeds for table in spec.tables],
            **_as_published(states.get(spec.id)),
        }
        for spec in specs.values()
    ]
    if args.json:
        print_json(rows)
        return OK
    print_table(
        ("Quelle", "Titel", "Zuständig", "Art", "Herkunft", "Takt", "liefert", "Zustand", "Grund"),
        ([*list(row.values())[:-3], ", ".join(row["feeds"]), row["state"], row["reason"]] for row in rows),
    )
    return OK


def _states(settings: Settings) -> dict[str, SourceStatus]:
    """How sources stand in the current snapshot; none before the first run."""
    try:
        return {source.id: source for source in read_status(open_reader(settings).current()).sources}
    except RetriableError:
        return {}


def _as_published(status: SourceStatus | None) -> dict[str, str | None]:
    return {"state": status.state if status else "nie_geladen", "reason": status.reason if status else None}


def run_rejected(args: Namespace) -> int:
    """Show quarantined rows with line, column and reason; raw values are masked as they are stored."""
    settings = read_settings(args)
    snapshot = open_reader(settings).current()
    # A snapshot of an earlier version does not name the file yet.
    known = {name for name, _ in snapshot.describe("SELECT * FROM meta.rejected")}
    file = "file" if "file" in known else "NULL"
    rows = snapshot.query(
        f"SELECT source, subject, {file}, line, column_name, reason_code, reason, raw FROM meta.rejected "  # noqa: S608
        "WHERE $1 IS NULL OR source = $1 ORDER BY source, subject, 3, line LIMIT $2",
        [args.source, max(1, min(args.limit, 10_000))],
    )
    head = ("source", "subject", "file", "line", "column", "reason_code", "reason", "raw")
    if args.json:
        print_json([dict(zip(head, row, strict=True)) for row in rows])
        return OK
    print_table(("Quelle", "Gegenstand", "Datei", "Zeile", "Spalte", "Code", "Grund", "Wert"), rows)
    print(f"\n{len(rows)} zurückgewiesene Zeilen")
    return OK
