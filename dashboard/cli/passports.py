"""The passport of what `isek query` asks for: computed from a snapshot, else read from the archive."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from dashboard.cited import archived_part
from dashboard.cli.errors import OK
from dashboard.cli.figures import read_between, read_scope, read_where
from dashboard.cli.output import print_json
from dashboard.cli.passport_text import as_contract, print_passport
from dashboard.cli.stores import load_metrics, open_ledger, open_reader, read_settings
from dashboard.services import history_of
from metrics.citation import Citation
from metrics.passport_archive import shown_today
from metrics.passport_issue import issue
from metrics.passport_json import read_passport_text
from metrics.question import as_texts
from warehouse.archive import Archive
from warehouse.errors import ContractError

if TYPE_CHECKING:
    from dashboard.settings import Settings
    from metrics.passport import Passport
    from warehouse.ledger import Ledger, PinnedFigure
    from warehouse.store import Snapshot


def run_passport(args: Namespace) -> int:
    """Print the passport of a question."""
    settings = read_settings(args)
    passport, pin = asked_passport(
        settings, open_ledger(settings), args, as_published=args.snapshot is not None
    )
    if args.json or args.format == "json":
        print_json(as_contract(passport, pin))
    else:
        print_passport(passport, settings.zone, pin=pin)
    return OK


def asked_passport(
    settings: Settings, ledger: Ledger, args: Namespace, *, as_published: bool
) -> tuple[Passport, PinnedFigure | None]:
    """Return the passport asked for; of a snapshot that is gone the pinned one, with its entry.

    Raises ContractError (unknown_snapshot) when neither is kept.
    """
    archive = Archive(settings.warehouse_dir, open_reader(settings))
    try:
        snapshot = archive.named(args.snapshot) if args.snapshot else archive.current()
    except ContractError:
        citation = _citation(settings, ledger, args)
        if citation is None or (found := archived_part(ledger, citation)) is None:
            raise
        passport, pin = found
        return shown_today(load_metrics(settings.city), passport, read_scope(settings, args.viewer)), pin
    return _issued(settings, ledger, args, snapshot, archive, as_published), None


def _issued(
    settings: Settings,
    ledger: Ledger,
    args: Namespace,
    snapshot: Snapshot,
    archive: Archive,
    as_published: bool,
) -> Passport:
    return issue(
        load_metrics(settings.city),
        snapshot,
        args.metric,
        scope=read_scope(settings, args.viewer),
        by=tuple(args.by),
        between=read_between(args, snapshot.business_date),
        where=read_where(args.where),
        at=args.at,
        archive=archive,
        as_published=as_published,
        history=history_of(ledger, args.metric),
    ).passport


def _citation(settings: Settings, ledger: Ledger, args: Namespace) -> Citation | None:
    """What would have been asked of a snapshot that is gone; None when nothing of it was pinned."""
    pins = ledger.pinned_figures(metric=args.metric, snapshot=args.snapshot)
    if not pins:
        return None
    business_date = read_passport_text(pins[0].passport).business_date
    units = read_scope(settings, args.viewer).units
    return Citation(
        metric=args.metric,
        stichtag=args.at or business_date,
        snapshot=args.snapshot,
        by=tuple(dict.fromkeys(args.by)),
        where={name: as_texts(value) for name, value in (read_where(args.where) or {}).items()},
        between=read_between(args, business_date),
        units=None if units is None else tuple(sorted(units)),
    )
