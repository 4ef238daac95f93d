"""`isek figures`: figures that are kept with their passport, whatever becomes of their snapshot."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dashboard.citation_link import citation_address
from dashboard.cli.errors import OK
from dashboard.cli.output import local_time, print_json, print_table
from dashboard.cli.passport_text import as_contract, pin_facts, print_passport
from dashboard.cli.passports import asked_passport
from dashboard.cli.stores import load_metrics, open_ledger, read_settings
from dashboard.jobs.definitions import to_archive
from metrics.citation import cite
from metrics.passport_archive import shown_today
from metrics.passport_json import passport_text, read_passport_text
from metrics.recorded import definitions
from metrics.result import Scope
from warehouse.errors import ConfigError

if TYPE_CHECKING:
    from metrics.passport import Passport
    from warehouse.ledger import Ledger, PinnedFigure


def run_pin(args: Namespace) -> int:
    """Write a figure with passport and definition into the archive."""
    if not args.reason.strip():
        raise ConfigError("--reason ist leer", code="no_reason", next_step="Nennen, wofür die Zahl steht")
    settings = read_settings(args)
    ledger = open_ledger(settings)
    passport, before = asked_passport(settings, ledger, args, as_published=True)
    if before is not None:
        raise ConfigError(
            "Der Stand ist nicht mehr aufbewahrt; diese Zahl ist schon festgeschrieben",
            code="already_pinned",
            found=f"Nr. {before.id}",
        )
    _archive_definition(ledger, settings.city, passport)
    pin = ledger.pin_figure(
        metric=passport.metric,
        version=passport.definition.version,
        snapshot=passport.snapshot,
        stichtag=passport.stichtag,
        passport=passport_text(passport),
        who="cli",
        reason=args.reason,
    )
    if args.json:
        print_json(as_contract(passport, pin))
        return OK
    print(f"Festgeschrieben als Nr. {pin.id}: {passport.definition.number} {passport.definition.label}")
    print(f"Aufbewahrt bis {pin.keep_until:%d.%m.%Y}; ansehen: isek figures show {pin.id}")
    print(f"Link: {citation_address(cite(passport))}")
    return OK


def _archive_definition(ledger: Ledger, city: Path, passport: Passport) -> None:
    """A run archives what it publishes; of a snapshot from before that only today's text is known."""
    wanted = [
        kept
        for kept in definitions(load_metrics(city))
        if kept.metric == passport.metric and kept.version.hash == passport.definition.version
    ]
    ledger.keep_definitions(to_archive(wanted, passport.snapshot, passport.business_date))


def run_list(args: Namespace) -> int:
    """List the pinned figures, newest first."""
    settings = read_settings(args)
    pins = open_ledger(settings).pinned_figures()
    if args.json:
        print_json([_line(pin) for pin in pins])
        return OK
    rows = (
        (pin.id, pin.metric, pin.stichtag, pin.snapshot, local_time(pin.pinned_at, settings.zone),
         pin.keep_until, pin.reason)
        for pin in pins
    )  # fmt: skip
    print_table(("Nr.", "Kennzahl", "Stichtag", "Stand", "festgeschrieben", "bis", "Anlass"), rows)
    return OK


def _line(pin: PinnedFigure) -> dict[str, Any]:
    link = citation_address(cite(read_passport_text(pin.passport)))
    names = ("metric", "version", "snapshot", "stichtag")
    return {**pin_facts(pin), **{name: getattr(pin, name) for name in names}, "link": link}


def run_show(args: Namespace) -> int:
    """Print a pinned figure as far as it is still shown; as JSON with the definition it was counted by."""
    settings = read_settings(args)
    ledger = open_ledger(settings)
    pin = ledger.pinned_figure(args.number)
    kept = read_passport_text(pin.passport)
    passport = shown_today(load_metrics(settings.city), kept, Scope.city())
    if not args.json:
        print_passport(passport, settings.zone, pin=pin)
        return OK
    texts = {item.version: item.content for item in ledger.definitions_of(pin.metric)}
    definition = json.loads(texts[pin.version]) if pin.version in texts else None
    print_json({**as_contract(passport, pin), "definition_text": definition})
    return OK
