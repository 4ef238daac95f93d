"""Notes, while a page is drawn, that it shows something which may move before the next publication.

What asks the ledger, the session of a person or a failed query says so here; a drawing without such a note
depends on the snapshot, the definitions, the rights and the address alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

PERSON = "person"
TRAIL = "trail"
"""What people enter: such a drawing holds until the trail of the ledger has another line."""

_notes: ContextVar[set[str] | None] = ContextVar("live", default=None)


@contextmanager
def noticed() -> Iterator[set[str]]:
    """Collect what the drawing in this block depends on beside snapshot, definitions, rights and address."""
    notes: set[str] = set()
    before = _notes.set(notes)
    try:
        yield notes
    finally:
        _notes.reset(before)


def note(what: str) -> None:
    """Say that the drawing depends on something that moves; outside of a drawing nothing happens."""
    notes = _notes.get()
    if notes is not None:
        notes.add(what)
