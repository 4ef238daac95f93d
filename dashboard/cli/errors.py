"""Errors on a terminal: what, where, found, allowed, next; never a traceback."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path

from dashboard.log import visible
from warehouse.errors import ConfigError, IsekError

OK, FINDINGS, USAGE, RUN_FAILED = 0, 1, 2, 3


def exit_code(error: IsekError) -> int:
    """Configuration is code 2, everything else means that a run could not do its work."""
    return USAGE if isinstance(error, ConfigError) else RUN_FAILED


def print_unexpected(error: Exception) -> None:
    """Name kind and place of an error nobody foresaw; its text may hold a credential and is left out."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(last.filename).name}:{last.lineno}"
    print(f"Unerwarteter Fehler: {type(error).__name__} in {place}", file=sys.stderr)
    print("  nächster Schritt: bitte mit dem Befehl und dieser Zeile melden", file=sys.stderr)


def print_error(error: IsekError) -> None:
    """Write the five answers to standard error, one a line."""
    print(f"Fehler: {error.what}", file=sys.stderr)
    answers = (
        ("wo", error.where),
        ("gefunden", error.found),
        ("erlaubt", error.allowed),
        ("nächster Schritt", error.next_step),
    )
    for label, value in answers:
        if value not in (None, ""):
            print(f"  {label}: {visible(str(value))}", file=sys.stderr)
