"""Named random streams and curves over absolute dates.

The example city has to grow like a real one: the history up to a day must not change when more
days are generated. So nothing here depends on the day of generation: every stream has a name of its
own, and every curve is a function of the calendar.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

Knots = Sequence[tuple[date, float]]
Days = npt.NDArray[np.int64]

HISTORY_FROM = date(2021, 7, 1)
HORIZON = date(2031, 1, 1)


def stream(seed: int, *name: object) -> np.random.Generator:
    """Return the generator that belongs to this name, whatever was drawn elsewhere before."""
    digest = hashlib.blake2b("|".join(map(str, (seed, *name))).encode(), digest_size=16).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest, "big")))


def value_at(knots: Knots, day: date) -> float:
    """Value of a piecewise linear curve; constant before the first and after the last knot."""
    return float(np.interp(day.toordinal(), [d.toordinal() for d, _ in knots], [v for _, v in knots]))


def days_when(knots: Knots, levels: npt.NDArray[np.floating[Any]]) -> Days:
    """Ordinal days on which a rising curve reaches each level; far future when it never does."""
    values = np.array([v for _, v in knots])
    days = np.interp(levels, values, [d.toordinal() for d, _ in knots]).round().astype(np.int64)
    return np.where(levels > values[-1], HORIZON.toordinal() + 5000, days)


def months(first: date, last: date) -> Iterator[date]:
    """First days of all months from the month of `first` to the month of `last`."""
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = next_month(month)


def next_month(month: date) -> date:
    """First day of the following month."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def working_day(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=(0, 0, 0, 0, 0, 2, 1)[day.weekday()])


def working_days(days: Days) -> Days:
    """Shift ordinal days on a weekend to the Monday after it."""
    weekday = (days - 1) % 7
    return days + np.where(weekday == 5, 2, 0) + np.where(weekday == 6, 1, 0)


def iso(days: Days) -> list[str]:
    """Write ordinal days as ISO dates."""
    epoch = date(1970, 1, 1).toordinal()
    return [str(text) for text in (days - epoch).astype("datetime64[D]").astype(str)]


def split_cents(total: int, weights: npt.NDArray[np.float64]) -> list[int]:
    """Split an amount in cents by weights; the parts add up to the cent."""
    edges = np.round(np.cumsum(weights) / float(weights.sum()) * total).astype(np.int64)
    return [int(part) for part in np.diff(edges, prepend=0)]


def nth_weekday(year: int, month: int, weekday: int, n: int) -> date:
    """The n-th given weekday (Monday 0) of a month; council calendars are written this way."""
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))


def last_at(days: Sequence[date], day: date) -> int:
    """Index of the last date not after `day` in an ascending list, -1 when there is none."""
    return bisect_left(days, day + timedelta(days=1)) - 1


def german_months(year: int) -> list[str]:
    """First days of the twelve months of a year as TT.MM.JJJJ."""
    return [f"01.{month:02d}.{year}" for month in range(1, 13)]
