"""`isek rebuild` and `isek refresh --from-landing`: the warehouse once more, without asking a source."""

from __future__ import annotations

import logging
import sys
import tempfile
from argparse import Namespace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from dashboard.cli.errors import FINDINGS, OK, RUN_FAILED
from dashboard.cli.output import print_json, state_word
from dashboard.cli.progress import Progress
from dashboard.cli.stores import open_ledger, open_warehouse, read_settings
from dashboard.log import start_logging

if TYPE_CHECKING:
    from dashboard.jobs.accounting import RunRecord
    from dashboard.jobs.rebuild import Rebuilt
    from dashboard.settings import Settings

SHOWN = 20


def run_rebuild(args: Namespace) -> int:
    """Rebuild a snapshot, say which tables differ, publish it when asked to."""
    return rebuild_city(read_settings(args), to=args.to, publish=args.publish, as_json=args.json)


def run_day_again(settings: Settings, day: date | None, *, as_json: bool) -> int:
    """The last snapshot of a business date from what landed; published when it is the one that counts."""
    from dashboard.jobs.clock import local_today
    from dashboard.jobs.rebuild import snapshot_of

    wanted = day or local_today(datetime.now(UTC), settings.zone)
    name, counts = snapshot_of(open_warehouse(settings), wanted)
    return rebuild_city(settings, to=name, publish=counts, as_json=as_json)


def rebuild_city(settings: Settings, *, to: str | None, publish: bool, as_json: bool) -> int:
    """Rebuild with temporary files inside the city folder; 0 equal or published, 1 findings, 3 failed."""
    from dashboard.jobs.rebuild import run_rebuild

    start_logging(logging.WARNING)
    settings.temp_dir.mkdir(parents=True, exist_ok=True)
    tempfile.tempdir = str(settings.temp_dir)
    progress = Progress()
    try:
        say = (lambda _: None) if as_json else progress
        found, record = run_rebuild(settings, open_ledger(settings), to=to, publish=publish, say=say)
    finally:
        progress.close()
    if as_json:
        print_json({"rebuilt": found.as_contract() if found else None, "run": record.as_contract()})
    else:
        _print(found, record)
    if record.state not in ("published", "compared"):
        return RUN_FAILED
    return OK if found is not None and (found.equal or record.state == "published") else FINDINGS


def _print(found: Rebuilt | None, record: RunRecord) -> None:
    if found is not None:
        for sentence in _sentences(found):
            print(sentence)
    for note in record.notes:
        print(f"Hinweis: {note}")
    if record.state == "published":
        print(f"Veröffentlicht: {record.snapshot}, Geschäftstag {record.business_date:%d.%m.%Y}")
    elif record.state != "compared":
        print(f"Nicht veröffentlicht, {state_word(record.state)}: {record.reason}", file=sys.stderr)


def _sentences(found: Rebuilt) -> list[str]:
    lines = [f"{found.target}: {found.loads} Lieferungen aus der Ablage wiederholt."]
    if found.equal:
        return [*lines, "Jede Tabelle hat denselben Inhalt wie im veröffentlichten Stand."]
    if found.from_book:
        lines.append("Kein Stand war lesbar; aufgebaut wurde nach der Abschrift der Buchführung.")
    if found.differing:
        lines.append(f"Anderer Inhalt: {', '.join(found.differing)}")
    for missing in found.missing[:SHOWN]:
        place = f"{missing.load.source}/{missing.load.run_id}/{missing.load.table_no}"
        lines.append(f"Nicht wiederholt: {place} für {missing.load.subject}. {missing.why}")
    if len(found.missing) > SHOWN:
        lines.append(f"… und {len(found.missing) - SHOWN} weitere Lieferungen")
    if found.differing and not found.missing:
        lines.append("Keine Lieferung fehlt: Modelle oder Gegenstände sind andere als damals.")
    return lines
