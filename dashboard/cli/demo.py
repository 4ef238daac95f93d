"""`isek demo`: the example city, written, refreshed and served with one command."""

from __future__ import annotations

import json
from argparse import Namespace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from dashboard.auth.accounts import add_account, issue_link
from dashboard.cli.errors import OK, RUN_FAILED
from dashboard.cli.runs import print_outcome, refresh_city, serve, with_overrides
from dashboard.cli.stores import open_ledger, open_warehouse
from dashboard.cli.user import link_address
from dashboard.jobs.clock import local_today
from dashboard.settings import Settings, create_secret, load_settings
from warehouse.errors import ConfigError

if TYPE_CHECKING:
    from warehouse.ledger import Ledger

BERLIN = ZoneInfo("Europe/Berlin")


def run_demo(args: Namespace) -> int:
    """Write or move on the example city, refresh when today has no snapshot, print links, serve."""
    folder = Path(args.folder).expanduser().resolve()
    day = args.date or local_today(datetime.now(UTC), BERLIN)
    written = write_example(folder, day)
    settings = with_overrides(load_settings(folder, args.environ), args.port, None)
    ledger = open_ledger(settings)
    if written or not _has_snapshot(settings, day):
        _seed(ledger, day)
        print(f"Lauf für den {day:%d.%m.%Y} …", flush=True)
        if not _refresh(settings, day):
            return RUN_FAILED
    _create_people(ledger, settings)
    if args.no_serve:
        print(_links(settings, ledger))
        return OK
    # A night run would carry the example of an earlier day into today, where all of it is out of date.
    is_today = day == local_today(datetime.now(UTC), settings.zone)
    return serve(settings, args.environ, with_schedule=is_today, greeting=_links(settings, ledger))


def write_example(folder: Path, day: date) -> bool:
    """Write the example city as it stood on `day`; True when anything was written.

    A folder that is no example city is never touched. An example city is only ever moved forward, so that
    its history does not change behind the reader's back.
    """
    from dashboard.demo import write_city

    mark = folder / "var" / "demo.json"
    if not mark.is_file() and folder.exists() and any(folder.iterdir()):
        raise ConfigError(
            "Der Ordner ist nicht leer und keine Beispielstadt",
            code="not_a_demo",
            where=str(folder),
            next_step="einen anderen Ordner nennen: isek demo ORDNER",
        )
    known = _written_as_of(mark)
    if known is not None and known >= day:
        return False
    # The mark comes first, so that a half-written example is recognised and completed by the next start.
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.write_text("{}", encoding="utf-8")
    print(f"Beispielstadt {'fortschreiben' if known else 'schreiben'}: {folder}", flush=True)
    write_city(folder, as_of=day)
    create_secret(folder)
    (folder / ".gitignore").write_text("var/\n", encoding="utf-8")
    mark.write_text(json.dumps({"as_of": day.isoformat()}), encoding="utf-8")
    return True


def is_example(settings: Settings) -> bool:
    """True for a city that `isek demo` wrote."""
    return (settings.var / "demo.json").is_file()


def _written_as_of(mark: Path) -> date | None:
    text = json.loads(mark.read_text(encoding="utf-8")).get("as_of") if mark.is_file() else None
    return date.fromisoformat(text) if text else None


def _seed(ledger: Ledger, day: date) -> None:
    from dashboard.demo import seed_ledger

    seed_ledger(ledger, day)


def _has_snapshot(settings: Settings, day: date) -> bool:
    """True when the current snapshot already is of this business date or a later one."""
    current = next((i for i in open_warehouse(settings).snapshots() if i.current), None)
    return current is not None and current.business_date is not None and current.business_date >= day


def _refresh(settings: Settings, day: date) -> bool:
    from dashboard.jobs.refresh import Request

    record = refresh_city(settings, Request(business_date=day, trigger="demo"))
    print_outcome(record)
    return record.state == "published"


def _create_people(ledger: Ledger, settings: Settings) -> None:
    from dashboard.demo.people import PEOPLE

    for login, name, function, role, units in PEOPLE:
        if ledger.account_by_login(login) is None:
            add_account(ledger, settings, login=login, name=name, function=function, role=role, units=units)


def _links(settings: Settings, ledger: Ledger) -> str:
    from dashboard.demo.people import PEOPLE

    lines = [f"Anmelden mit einem Einmal-Link (gilt einmal, {settings.identity.link_minutes:.0f} Minuten):"]
    for login, name, function, _, _ in PEOPLE:
        account = ledger.account_by_login(login)
        if account is None or account.disabled_at is not None:
            continue
        token = issue_link(ledger, settings, account)
        lines.append(f"  {function:<24} {name:<18} {link_address(settings, token)}")
    return "\n".join(lines)
