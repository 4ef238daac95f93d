"""Log lines: one line per event whatever it carries, with values cut short.

What a browser sent must not write lines of its own, and what an error says may repeat a whole page.
"""

from __future__ import annotations

import logging
import traceback
import unicodedata
from pathlib import Path
from types import TracebackType

LONGEST = 4000
LONGEST_ERROR = 300
MOST_FRAMES = 12
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class OneLine(logging.Formatter):
    """Writes time, level, name and message on one line; an error as its kind, its place and how it began."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        return visible(super().format(record))[:LONGEST]

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 - the name logging calls
        """Return kind, cut message and the innermost places of an error."""
        kind, error, frames = ei
        if kind is None:
            return ""
        places = [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in traceback.extract_tb(frames)]
        way = " < ".join(reversed(places[-MOST_FRAMES:]))
        return f"{kind.__name__}: {visible(str(error))[:LONGEST_ERROR]} | {way}"


def visible(text: str) -> str:
    """Return the text with line ends and control characters written out; wide and narrow blanks stay."""
    return "".join(char if _is_shown(char) else char.encode("unicode_escape").decode() for char in text)


def _is_shown(char: str) -> bool:
    return char.isprintable() or unicodedata.category(char) == "Zs"


def start_logging(level: int) -> None:
    """Send the log of this process to standard error, one line per event."""
    handler = logging.StreamHandler()
    handler.setFormatter(OneLine())
    logging.basicConfig(level=level, handlers=[handler])
