"""`isek refresh, schedule, serve`: the three ways in which the portal works by itself."""

from __future__ import annotations

import logging
import os
import signal
import sys
import tempfile
from argparse import Namespace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from dashboard.city_theme import require_theme
from dashboard.cli.errors import OK, RUN_FAILED
from dashboard.cli.output import print_json, state_word
from dashboard.cli.progress import Progress
from dashboard.cli.stores import open_ledger, read_settings
from dashboard.jobs.accounting import RunRecord
from dashboard.log import start_logging
from dashboard.settings import CITY_VARIABLE, Settings, require_secret
from warehouse.errors import ConfigError

if TYPE_CHECKING:
    from dashboard.jobs.refresh import Request

GENTLY = 10


def run_refresh(args: Namespace) -> int:
    """One run; one accounting line per source; exit 3 when nothing could be published."""
    from dashboard.jobs.refresh import Request

    settings = read_settings(args)
    if args.from_landing:
        return _from_landing(settings, args)
    if args.trigger == "night" and args.date is not None:
        _move_example_on(settings, args.date)
    request = Request(args.date, args.only, args.trigger, backfill=_days(args))
    if args.own_process:
        # People in front of the portal come first; the run takes what they leave.
        os.nice(GENTLY)
    record = refresh_city(settings, request, quiet=args.json)
    if args.json:
        print_json(record.as_contract())
    else:
        print_outcome(record)
    return OK if record.state == "published" else RUN_FAILED


def _from_landing(settings: Settings, args: Namespace) -> int:
    from dashboard.cli.rebuild import run_day_again

    if args.only or args.backfill:
        raise ConfigError(
            "Aus der Ablage wird ein Geschäftstag als Ganzes wiederholt",
            code="bad_request",
            allowed="isek refresh --date JJJJ-MM-TT --from-landing, ohne --only und --backfill",
        )
    return run_day_again(settings, args.date, as_json=args.json)


def _days(args: Namespace) -> tuple[date, date] | None:
    if args.backfill is None:
        return None
    first, last = args.backfill
    if len(args.only or ()) != 1 or last < first:
        raise ConfigError(
            "So lässt sich nichts nachladen",
            code="no_backfill",
            found=f"{first} bis {last}, {len(args.only or ())} Quellen",
            allowed="eine Quelle und ein Zeitraum: isek refresh --only ID --backfill VON BIS",
        )
    return first, last


def _move_example_on(settings: Settings, day: date) -> None:
    """The invented Fachverfahren of the example city have no clerks; the night writes their day."""
    from dashboard.cli.demo import is_example, write_example

    if is_example(settings):
        write_example(settings.city, day)


def refresh_city(settings: Settings, request: Request, *, quiet: bool = False) -> RunRecord:
    """Run with temporary files inside the city folder."""
    from dashboard.jobs.refresh import run_refresh

    start_logging(logging.WARNING)
    settings.temp_dir.mkdir(parents=True, exist_ok=True)
    tempfile.tempdir = str(settings.temp_dir)
    progress = Progress()
    try:
        say = (lambda _: None) if quiet else progress
        return run_refresh(settings, open_ledger(settings), request, say=say)
    finally:
        progress.close()


def print_outcome(record: RunRecord) -> None:
    """Say what the run did as a whole."""
    for note in record.notes:
        print(f"Hinweis: {note}")
    if record.state == "published":
        kept = sum(line.state in ("fehlgeschlagen", "zurückgehalten") for line in record.sources)
        tail = f"; {kept} Quellen behalten ihren letzten guten Stand" if kept else ""
        print(
            f"Veröffentlicht: {record.snapshot}, Geschäftstag {record.business_date:%d.%m.%Y}, "
            f"{len(record.sources)} Quellen{tail}"
        )
        return
    print(f"Nicht veröffentlicht, {state_word(record.state)}: {record.reason}", file=sys.stderr)


def run_schedule(args: Namespace) -> int:
    """Be the night until told to end."""
    from dashboard.jobs import schedule

    settings = read_settings(args)
    if args.alarm:
        return _tell_schedule(settings)
    start_logging(logging.WARNING)
    _require_ledger(settings)
    return schedule.run_schedule(settings, open_ledger(settings), once=args.once)


def _tell_schedule(settings: Settings) -> int:
    from dashboard.jobs.alarm import tell_schedule

    trouble = tell_schedule(settings, open_ledger(settings), datetime.now(UTC))
    if trouble:
        print(trouble, file=sys.stderr)
    return RUN_FAILED if trouble else OK


def run_exports(args: Namespace) -> int:
    """Write what people ordered, one after the other, until stopped."""
    from dashboard.cli.stores import open_services
    from dashboard.export.order_work import run_orders

    settings = read_settings(args)
    return run_orders(settings, lambda: open_services(settings), once=args.once)


def run_serve(args: Namespace) -> int:
    """Web server and night under one roof until Ctrl+C."""
    settings = with_overrides(read_settings(args), args.port, args.workers)
    return serve(settings, args.environ, with_schedule=not args.no_schedule)


def with_overrides(settings: Settings, port: int | None, workers: int | None) -> Settings:
    """Return settings with port and number of workers from the command line."""
    changes = {k: v for k, v in (("port", port), ("workers", workers)) if v is not None}
    return (
        settings.model_copy(update={"web": settings.web.model_copy(update=changes)}) if changes else settings
    )


def serve(settings: Settings, environ: dict[str, str], *, with_schedule: bool, greeting: str = "") -> int:
    """Start the processes, say where the portal is, stay until stopped."""
    from dashboard.jobs import supervisor
    from dashboard.jobs.heartbeat import HeartbeatWatch, last_heartbeat
    from dashboard.jobs.locks import is_held

    require_secret(settings)
    require_theme(settings)
    _require_ledger(settings)
    supervisor.require_free_port(settings.web.host, settings.web.port)
    settings.run_dir.mkdir(parents=True, exist_ok=True)
    settings.temp_dir.mkdir(parents=True, exist_ok=True)
    charges = [supervisor.Charge("Webserver", supervisor.web_command(settings))]
    if with_schedule and is_held(settings.run_dir / "schedule.lock"):
        print("Der Nachtlauf-Zeitplan läuft schon in einem anderen Prozess; hier startet nur der Webserver.")
    elif with_schedule:
        charges.append(supervisor.Charge("Nachtlauf", supervisor.schedule_command(settings), needed=False))
    # Another portal of this machine may write the exports already; orders are the same.
    charges.append(supervisor.Charge("Exporte", supervisor.exports_command(settings), needed=False))
    child_environ = {**environ, CITY_VARIABLE: str(settings.city), "TMPDIR": str(settings.temp_dir)}
    crew = supervisor.Supervisor(
        charges, child_environ, lambda text: print(text, file=sys.stderr, flush=True)
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: crew.stop())
    watch = HeartbeatWatch(settings, supervisor.Errand(supervisor.alarm_command(settings), child_environ))
    # A town that runs no schedule here at all has never had a heartbeat, and wants no alarm about it.
    watched = any(charge.name == "Nachtlauf" for charge in charges) or last_heartbeat(settings) is not None
    return crew.run(
        ready=lambda: _greet(settings, greeting), each_minute=watch.look if watched else lambda: None
    )


def _require_ledger(settings: Settings) -> None:
    """Accounts and entries are looked through once before people rely on them."""
    ledger = open_ledger(settings)
    ledger.require_whole()
    ledger.close()


def _greet(settings: Settings, greeting: str) -> None:
    from dashboard.jobs.supervisor import answers

    if answers(settings.web.host, settings.web.port, within_s=30):
        address = settings.web.public_url or f"http://localhost:{settings.web.port}"
        print(f"\nDas Portal läuft: {address}", flush=True)
        print(greeting or "Anmelden: isek user link LOGIN", flush=True)
        print("Beenden mit Strg+C", flush=True)
