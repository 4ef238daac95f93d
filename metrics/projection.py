"""Where a pace leads: a straight line from what was observed, with the span of what has occurred before.

Paces are amounts a month; shares are fractions. Nothing here knows about services or cities.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from statistics import median

WINDOW_MONTHS = 6
SPAN_MONTHS = 24
# Mean length of a month in the Gregorian calendar: 146,097 days in 400 years.
DAYS_PER_MONTH = Fraction(146097, 4800)


@dataclass(frozen=True, slots=True)
class PaceBand:
    """Lowest, median and highest pace of all windows in the span and the latest one, in amounts a month."""

    low: Fraction
    middle: Fraction
    high: Fraction
    latest: Fraction


@dataclass(frozen=True, slots=True)
class Outlook:
    """Expected share on a day with its span, as fractions between 0 and 1."""

    on: date
    value: Fraction
    low: Fraction
    high: Fraction


def window_paces(monthly: Sequence[int], window: int = WINDOW_MONTHS) -> list[Fraction]:
    """Return the mean of every `window` consecutive months, oldest first; empty for fewer months."""
    return [Fraction(sum(monthly[i : i + window]), window) for i in range(len(monthly) - window + 1)]


def pace_band(
    monthly: Sequence[int], *, window: int = WINDOW_MONTHS, span: int = SPAN_MONTHS
) -> PaceBand | None:
    """Return the span of paces seen in the last `span` complete months (oldest first), None for too few.

    Means over `window` months are compared, not single months: one slow August is no pace.
    """
    paces = window_paces(monthly[-span:], window)
    if not paces:
        return None
    return PaceBand(min(paces), Fraction(median(paces)), max(paces), paces[-1])


def months_between(first: date, last: date) -> Fraction:
    """Return the time between two days in months of mean length; never negative."""
    return max(Fraction(0), (last - first).days / DAYS_PER_MONTH)


def needed_pace(reached: int, wanted: Fraction, months: Fraction) -> Fraction | None:
    """Return the amount a month that reaches `wanted` in time; 0 when reached, None when time is up."""
    missing = max(Fraction(0), wanted - reached)
    if missing and not months:
        return None
    return missing / months if missing else Fraction(0)


def outlook(reached: int, total: int, band: PaceBand, today: date, on: date) -> Outlook | None:
    """Project the share of `total` to a day after today; None for an empty total or a day not ahead."""
    if total <= 0 or on <= today:
        return None
    months = months_between(today, on)
    low, value, high = (_share(reached + pace * months, total) for pace in (band.low, band.middle, band.high))
    return Outlook(on, value, low, high)


def _share(amount: Fraction, total: int) -> Fraction:
    return min(Fraction(1), max(Fraction(0), amount / total))
