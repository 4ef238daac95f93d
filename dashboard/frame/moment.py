"""What every page says of the moment it is drawn at, beside the data: a run, a silent schedule."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from dashboard.frame.run import run_words

if TYPE_CHECKING:
    from dashboard.services import Services


@dataclass(frozen=True, slots=True)
class Moment:
    """Pages drawn at equal moments are equal; `day` is that of the city, `run` what is said of one."""

    day: date
    run: str
    silent: bool

    @classmethod
    def of(cls, services: Services, now: datetime) -> Moment:
        """Look at the clock, the runs and the sign of life of the schedule."""
        day = now.astimezone(services.settings.zone).date()
        return cls(day, run_words(services, now), not services.night_alive(now))


_drawn_at: ContextVar[Moment | None] = ContextVar("drawn_at", default=None)


@contextmanager
def drawing_at(moment: Moment) -> Iterator[None]:
    """Draw everything in this block as of this moment."""
    before = _drawn_at.set(moment)
    try:
        yield
    finally:
        _drawn_at.reset(before)


def moment_of_drawing(services: Services) -> Moment:
    """The moment a page is drawn at: the one its answer is kept for, or now."""
    return _drawn_at.get() or Moment.of(services, datetime.now(UTC))
