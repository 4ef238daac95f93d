"""`isek changes`: what became of months that were over."""

from __future__ import annotations

from argparse import Namespace

from dashboard.cli.errors import OK
from dashboard.cli.output import local_time, print_json, print_table
from dashboard.cli.stores import open_reader, read_settings
from warehouse.changes import Change, changes

MEASURES = {"rows": "Zeilen", "deleted": "gelöscht", "content": "Inhalt"}


def run_changes(args: Namespace) -> int:
    """List changes of closed months, the newest first."""
    settings = read_settings(args)
    found = changes(open_reader(settings).current(), args.source, limit=max(1, min(args.limit, 10_000)))
    if args.json:
        print_json([change.as_contract() for change in found])
        return OK
    print_table(
        ("Vermerkt", "Lauf", "Quelle", "Gegenstand", "Monat", "Scheibe", "Größe", "vorher", "nachher"),
        (
            (
                local_time(c.noted_at, settings.zone),
                c.run_id,
                c.source,
                c.subject,
                f"{c.period:%m/%Y}" if c.period else None,
                c.slice,
                MEASURES.get(c.measure, c.measure),
                *_values(c),
            )
            for c in found
        ),
        right=(7, 8),
    )
    print(f"\n{len(found)} Änderungen abgeschlossener Monate")
    return OK


def _values(change: Change) -> tuple[str | None, str | None]:
    if change.measure == "content":
        return tuple(value[:8] if value else None for value in (change.before, change.after))  # type: ignore[return-value]
    return change.before, change.after
