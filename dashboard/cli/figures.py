"""`isek query` and `isek metrics`: the same door as the cockpits, on the command line."""

from __future__ import annotations

import csv
import sys
from argparse import Namespace
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from dashboard.auth.viewer import CITY_WIDE, ROLES, scope_of
from dashboard.cli.errors import OK
from dashboard.cli.figure_table import columns, heading
from dashboard.cli.metrics_check import check_metrics
from dashboard.cli.output import print_json, print_table
from dashboard.cli.protection import print_audit
from dashboard.cli.stores import load_metrics, open_ledger, open_reader, read_settings
from dashboard.contract import as_contract
from dashboard.export.cells import cleaned, harmless
from dashboard.settings import Settings
from metrics.protect.audit import audit
from metrics.query import query
from metrics.recorded import as_reported
from metrics.result import MetricResult, Scope
from warehouse.archive import Archive
from warehouse.errors import ConfigError

if TYPE_CHECKING:
    from metrics.catalog import Catalog, Metric
    from warehouse.store import Snapshot


def run_query(args: Namespace) -> int:
    """Answer one question; without --as the operator asks for the whole city."""
    if args.passport:
        if args.org_as_of:
            raise ConfigError(
                "Ein Zahlenpass gilt unter der Gliederung von heute",
                code="no_other_tree",
                found=f"--org-as-of {args.org_as_of}",
                next_step="--org-as-of oder --passport weglassen",
            )
        from dashboard.cli.passports import run_passport

        return run_passport(args)
    settings = read_settings(args)
    scope = read_scope(settings, args.viewer)
    catalog, snapshot = _asked(settings, args, scope)
    result = query(
        catalog,
        snapshot,
        args.metric,
        scope=scope,
        by=tuple(args.by),
        between=read_between(args, snapshot.business_date),
        where=read_where(args.where),
        at=args.at,
        org_as_of=args.org_as_of,
    )
    _PRINTERS["json" if args.json else args.format](catalog.metrics[result.metric_id], result, settings.zone)
    return OK


def _asked(settings: Settings, args: Namespace, scope: Scope) -> tuple[Catalog, Snapshot]:
    """A named snapshot is asked by the definition it keeps: that is how it was reported."""
    catalog, reader = load_metrics(settings.city), open_reader(settings)
    if args.snapshot is None:
        return catalog, reader.current()
    snapshot = Archive(settings.warehouse_dir, reader).named(args.snapshot)
    return as_reported(catalog, snapshot, args.metric, scope).catalog, snapshot


def read_scope(settings: Settings, viewer: str | None) -> Scope:
    """Return the scope of a role or a login; a role bound to units needs a login to know which."""
    if viewer is None:
        return Scope.city()
    if viewer in ROLES:
        if viewer == "fachbereichsleitung":
            raise ConfigError(
                "Diese Rolle gilt nur mit einer Organisationseinheit",
                code="role_without_unit",
                next_step="--as mit einem Anmeldenamen (isek user list)",
            )
        return scope_of(viewer, ())
    account = open_ledger(settings).account_by_login(viewer)
    if account is None or account.disabled_at is not None:
        raise ConfigError(
            "Weder Rolle noch offenes Konto",
            code="unknown_viewer",
            found=viewer,
            allowed=", ".join(sorted(CITY_WIDE)),
        )
    return scope_of(account.role, tuple(account.units))


def read_where(pairs: list[str]) -> dict[str, str | list[str]] | None:
    """Parse „dim=wert“; a repeated dimension becomes a list."""
    found: dict[str, list[str]] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or not name:
            raise ConfigError("--where erwartet DIM=WERT", code="bad_where", found=pair)
        found.setdefault(name, []).append(value)
    return {k: v[0] if len(v) == 1 else v for k, v in found.items()} or None


def read_between(args: Namespace, business_date: date) -> tuple[date, date] | None:
    """Return the days asked for; without an end up to the business date."""
    if args.since is None and args.until is None:
        return None
    if args.since is None:
        raise ConfigError("--to braucht --from", code="bad_window")
    return args.since, args.until or business_date


def _print_json(metric: Metric, result: MetricResult, zone: ZoneInfo) -> None:
    print_json(as_contract(metric, result))


def _lines(metric: Metric, result: MetricResult) -> Iterator[list[Any]]:
    contract = as_contract(metric, result)["rows"]
    names = list(dict.fromkeys(name for row in contract for name in row))
    yield names
    for row in contract:
        yield [row.get(name) for name in names]


def _print_csv(metric: Metric, result: MetricResult, zone: ZoneInfo) -> None:
    writer = csv.writer(sys.stdout, delimiter=";", lineterminator="\n")
    for line in _lines(metric, result):
        writer.writerow([_harmless(value) for value in line])


def _harmless(value: Any) -> Any:
    """No text a spreadsheet would run as a formula; amounts, which are texts here, stay amounts."""
    return harmless(cleaned(value)) if isinstance(value, str) and not _is_amount(value) else value


def _is_amount(value: str) -> bool:
    return value.lstrip("-").replace(".", "", 1).isdigit()


def _print_table(metric: Metric, result: MetricResult, zone: ZoneInfo) -> None:
    for text in heading(metric.definition, result, zone):
        print(text)
    print()
    if not result.rows:
        print("Kein Wert.")
        return
    found = columns(metric.definition, result)
    rows = zip(*(column.texts for column in found), strict=True)
    figures = [number for number, column in enumerate(found) if column.figures]
    print_table([column.head for column in found], rows, right=figures)


_PRINTERS = {"json": _print_json, "csv": _print_csv, "table": _print_table}


def run_metrics(args: Namespace) -> int:
    """List the catalogue; --check tries every metric and list, --audit attacks its protected tables."""
    settings = read_settings(args)
    if args.check:
        return check_metrics(settings, as_json=args.json, hollow=args.empty)
    catalog = load_metrics(settings.city)
    if args.audit:
        return print_audit(audit(catalog, open_reader(settings).current()), as_json=args.json)
    rows: list[dict[str, Any]] = [
        {
            "id": m.id,
            "number": m.definition.number,
            "area": m.area,
            "label": m.definition.label,
            "kind": m.definition.kind,
            "unit": m.definition.unit,
            "dimensions": list(m.definition.dimensions),
            "deprecated": m.definition.deprecated,
        }
        for m in sorted(catalog.metrics.values(), key=lambda m: m.definition.number)
    ]
    if args.json:
        print_json(rows)
        return OK
    print_table(
        ("Nummer", "Kennzahl", "Bezeichnung", "Art", "Einheit", "Dimensionen"),
        ((r["number"], r["id"], r["label"], r["kind"], r["unit"], ", ".join(r["dimensions"])) for r in rows),
    )
    return OK
