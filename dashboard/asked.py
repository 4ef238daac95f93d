"""Which figures are asked while a page is drawn, card by card: what the catalogue calls „verwendet in“."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Notes = dict[str, dict[str, None]]

_card: ContextVar[str] = ContextVar("card", default="")
_notes: ContextVar[Notes | None] = ContextVar("notes", default=None)


@contextmanager
def inside(card: str) -> Iterator[None]:
    """What is asked in this block belongs to the card of this title."""
    before = _card.set(card)
    try:
        yield
    finally:
        _card.reset(before)


@contextmanager
def recorded() -> Iterator[Notes]:
    """Collect the figures asked in this block: metric id → titles of cards, „“ outside of all cards."""
    notes: Notes = {}
    before = _notes.set(notes)
    try:
        yield notes
    finally:
        _notes.reset(before)


def note(metric_id: str) -> None:
    """Write down that a figure is asked; without a recording nothing happens."""
    notes = _notes.get()
    if notes is not None:
        notes.setdefault(metric_id, {})[_card.get()] = None
