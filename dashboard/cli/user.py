"""`isek user`: accounts are made here and nowhere else; sign-in starts with a one-time link."""

from __future__ import annotations

import re
import sys
from argparse import Namespace

from dashboard.auth.accounts import add_account, issue_link, known_account
from dashboard.cli.errors import OK
from dashboard.cli.output import local_time, print_json, print_table
from dashboard.cli.stores import open_ledger, read_settings
from dashboard.settings import Settings


def run_add(args: Namespace) -> int:
    """Create an account without a password unless one comes by standard input."""
    settings = read_settings(args)
    password = sys.stdin.readline().rstrip("\n") if args.password_stdin else None
    account = add_account(
        open_ledger(settings),
        settings,
        login=args.login,
        name=args.name,
        function=args.function,
        role=args.role,
        units=[unit for text in args.unit for unit in re.split(r"[,\s]+", text) if unit],
        password=password,
    )
    print(f"Konto „{account.login}“ angelegt ({account.role}).")
    print(f"Anmelden: isek user link {account.login}")
    return OK


def run_list(args: Namespace) -> int:
    """List the accounts without anything secret."""
    settings = read_settings(args)
    accounts = open_ledger(settings).accounts()
    rows = [
        {
            "login": a.login,
            "name": a.name,
            "function": a.function,
            "role": a.role,
            "units": list(a.units),
            "password": a.password_hash is not None,
            "disabled_at": a.disabled_at,
        }
        for a in accounts
    ]
    if args.json:
        print_json(rows)
        return OK
    print_table(
        ("Anmeldename", "Name", "Funktion", "Rolle", "Einheiten", "Passwort", "gesperrt"),
        (
            (
                a.login,
                a.name,
                a.function,
                a.role,
                ", ".join(a.units) or ("–" if a.role == "verwaltung" else "ganze Stadt"),
                a.password_hash is not None,
                local_time(a.disabled_at, settings.zone),
            )
            for a in accounts
        ),
    )
    return OK


def run_disable(args: Namespace) -> int:
    """Close an account; its sessions and links end at once."""
    settings = read_settings(args)
    ledger = open_ledger(settings)
    ledger.disable_account(known_account(ledger, args.login).id, who="cli")
    print(f"Konto „{args.login}“ ist gesperrt; offene Sitzungen sind beendet.")
    return OK


def run_link(args: Namespace) -> int:
    """Print a one-time sign-in link."""
    settings = read_settings(args)
    ledger = open_ledger(settings)
    print(link_address(settings, issue_link(ledger, settings, known_account(ledger, args.login))))
    print(f"Gilt einmal und {settings.identity.link_minutes:.0f} Minuten.", file=sys.stderr)
    return OK


def link_address(settings: Settings, token: str) -> str:
    """Return the address a person opens to use a one-time token."""
    base = settings.web.public_url or f"http://localhost:{settings.web.port}"
    return f"{base}/anmelden/link/{token}"
