"""Errors on a terminal: what, where, found, allowed, next; never a traceback."""

from __future__ import annotations

import sys

from warehouse.errors import ConfigError, IsekError

OK, FINDINGS, USAGE, RUN_FAILED = 0, 1, 2, 3


def exit_code(error: IsekError) -> int:
    """Configuration is code 2, everything else means that a run could not do its work."""
    return USAGE if isinstance(error, ConfigError) else RUN_FAILED


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
            print(f"  {label}: {value}", file=sys.stderr)
