"""`isek source release, retry`: let a held delivery through, read refused rows once more."""

from __future__ import annotations

import os
import pwd
import sys
from argparse import Namespace
from typing import TYPE_CHECKING

from dashboard.cli.errors import FINDINGS, OK, RUN_FAILED
from dashboard.cli.output import local_time
from dashboard.cli.runs import print_outcome, refresh_city
from dashboard.cli.stores import open_ledger, open_reader, read_settings
from warehouse.errors import ConfigError, RetriableError, did_you_mean
from warehouse.held import Held, held_deliveries

if TYPE_CHECKING:
    from dashboard.jobs.accounting import RunRecord
    from dashboard.settings import Settings
    from warehouse.store import Snapshot


def run_release(args: Namespace) -> int:
    """Note the release and take over exactly the delivery that is held; the source is not read."""
    from dashboard.jobs.refresh import Request

    settings = read_settings(args)
    held = _held(open_reader(settings).current(), args.id)
    open_ledger(settings).note_release(
        held.source, held.run_id, held.delivery_hash, who=operator(), reason=args.reason
    )
    print(_what_is_released(held, settings))
    try:
        record = refresh_city(settings, Request(only=[args.id], release=True))
    except RetriableError as error:
        print(f"{error.what}. Die Freigabe ist vermerkt; der nächste Lauf übernimmt sie.", file=sys.stderr)
        return RUN_FAILED
    print_outcome(record)
    return _verdict(record, args.id)


def run_retry(args: Namespace) -> int:
    """Read from where the refused rows came, all or nothing, and say what became of them."""
    from dashboard.jobs.plan import refuse_unknown
    from dashboard.jobs.refresh import Request

    settings = read_settings(args)
    refuse_unknown([args.id], {path.stem for path in (settings.city / "sources").glob("*.toml")})
    before = _refused(open_reader(settings).current(), args.id)
    if not before:
        print(f"Von „{args.id}“ ist keine Zeile abgelehnt.")
        return OK
    record = refresh_city(settings, Request(only=[args.id], again=True))
    print_outcome(record)
    if record.state == "published":
        print(_what_became_of_them(before, _refused(open_reader(settings).current(), args.id), args.id))
    return _verdict(record, args.id)


def operator() -> str:
    """Who sits at the terminal, for the audit trail."""
    try:
        return f"cli:{pwd.getpwuid(os.getuid()).pw_name}"
    except KeyError:
        return f"cli:{os.getuid()}"


def _held(snapshot: Snapshot, source: str) -> Held:
    waiting = held_deliveries(snapshot)
    if source not in waiting:
        raise ConfigError(
            f"Von „{source}“ ist keine Lieferung zurückgehalten",
            code="nothing_held",
            allowed=", ".join(waiting) or "zurzeit wartet keine Lieferung",
            next_step=did_you_mean(source, waiting) or "isek status",
        )
    return waiting[source]


def _what_is_released(held: Held, settings: Settings) -> str:
    return (
        f"Freigegeben: {held.source}, gelandet im Lauf {held.run_id}, Datenstand "
        f"{local_time(held.as_of, settings.zone)}, {held.accepted} Zeilen. Grund des Haltens: {held.reason}"
    )


def _refused(snapshot: Snapshot, source: str) -> int:
    return int(snapshot.query("SELECT count(*) FROM meta.rejected WHERE source = $1", [source])[0][0])


def _what_became_of_them(before: int, after: int, source: str) -> str:
    told = f"Abgelehnte Zeilen von „{source}“: vorher {before}, jetzt {after}."
    if after < before:
        return told
    return (
        f"{told} Noch nicht berichtigt oder nicht noch einmal geliefert; "
        f"eine archivierte Datei berichtigt wieder in den Lieferordner legen. Ansehen: isek rejected {source}"
    )


def _verdict(record: RunRecord, source: str) -> int:
    if record.state != "published":
        return RUN_FAILED
    line = next((line for line in record.sources if line.source == source), None)
    return OK if line is not None and line.state in ("aktuell", "veraltet") else FINDINGS
