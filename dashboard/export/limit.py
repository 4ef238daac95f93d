"""How large a file of records may be."""

from __future__ import annotations

MOST_ROWS, MOST_BYTES = 1_000_000, 200_000_000


class TooLargeError(Exception):
    """The file would be larger than an export may be."""
