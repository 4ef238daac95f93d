"""How large a file of records may be."""

from __future__ import annotations

MOST_ROWS, MOST_BYTES = 1_000_000, 200_000_000
LEAST_FREE_BYTES = 1_000_000_000
"""An export never takes the last room of a disk: the night and the ledger need it more."""


class TooLargeError(Exception):
    """The file would be larger than an export may be."""


class NoRoomError(Exception):
    """There is less room on the disk than exports have to leave."""
