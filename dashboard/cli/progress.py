"""What a run says while it goes on: one line that renews itself on a terminal, plain lines elsewhere."""

from __future__ import annotations

import shutil
import sys
from typing import TextIO

from dashboard.log import visible

_CLEAR = "\r\x1b[K"


class Progress:
    """Takes the sentences of a run; those that begin with two blanks are passing and need a terminal.

    A journal or a file gets only what counts in the end: a line per source.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdout
        self._renewed = False

    def __call__(self, text: str) -> None:
        """Show one sentence."""
        passing = text.startswith("  ")
        if passing and not self._stream.isatty():
            return
        width = shutil.get_terminal_size().columns
        shown = visible(text.strip())
        self._write(f"  {shown}"[: width - 1] if passing else shown, renewed=passing)

    def close(self) -> None:
        """Leave the terminal as it was."""
        if self._renewed:
            self._write("", renewed=True)
            self._renewed = False

    def _write(self, text: str, *, renewed: bool) -> None:
        start = _CLEAR if self._renewed else ""
        self._stream.write(start + text + ("" if renewed else "\n"))
        self._stream.flush()
        self._renewed = renewed
