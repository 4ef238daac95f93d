"""Entry of `isek` (and `python -m dashboard`): parse, run one command, turn errors into sentences.

Exit codes: 0 ok, 1 findings, 2 usage or configuration, 3 a run failed.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Mapping, Sequence

from dashboard.cli.errors import RUN_FAILED, exit_code, print_error, print_unexpected
from dashboard.cli.parser import build_parser
from dashboard.settings import PRIVATE
from warehouse.errors import IsekError


def main(argv: Sequence[str] | None = None, environ: Mapping[str, str] | None = None) -> int:
    """Run one command line and return its exit code."""
    args = build_parser().parse_args(argv)
    # Accounts, sessions, raw deliveries: whatever a command writes is for its own user only.
    os.umask(PRIVATE)
    args.environ = dict(os.environ if environ is None else environ)
    args.own_process = argv is None
    module, _, function = args.handler.partition(":")
    try:
        return int(getattr(importlib.import_module(module), function)(args))
    except IsekError as error:
        print_error(error)
        return exit_code(error)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of a pipe (head, less) has gone; closing quietly is what every tool does.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001 - people get a sentence; the place is enough to report it
        print_unexpected(error)
        return RUN_FAILED


if __name__ == "__main__":
    raise SystemExit(main())
