"""Progress: where the observed pace leads, with the span of paces seen before. Shares are fractions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from metrics.models.parameter import Day, ModelHead, Parameter
from metrics.projection import (
    DAYS_PER_MONTH,
    Outlook,
    PaceBand,
    months_between,
    needed_pace,
    outlook,
    pace_band,
)
from metrics.query import query
from metrics.question import period_end
from metrics.result import Cell, MetricResult, Scope

if TYPE_CHECKING:
    from metrics.catalog import Catalog
    from metrics.lineage import Snapshot

# Months in which hardly anything had been assessed show the filling of the list, not the city's progress.
KNOWN_ENOUGH = 0.95
BEGINNING = date(1990, 1, 1)
FAR_AHEAD_MONTHS = 12 * 100


class ProgressModel(ModelHead):
    """A projection: `metric` is a share over months, `flow` counts members newly reached per month.

    Without `flow` the net change of the share's numerator is the pace.
    """

    kind: Literal["progress"]
    metric: str
    flow: str | None = None
    window_months: Parameter
    span_months: Parameter
    due: Day
    goal: Parameter = Field(description="share wanted on the day, as a fraction")

    @property
    def length(self) -> dict[str, int]:
        """Months of a pace and of its span, as `pace_band` takes them."""
        return {"window": int(self.window_months.value), "span": int(self.span_months.value)}


@dataclass(frozen=True, slots=True)
class Reached:
    """When a goal is reached at the highest, middle and lowest pace; None: not within a century."""

    early: date | None
    middle: date | None
    late: date | None


@dataclass(frozen=True, slots=True)
class Progress:
    """Members reached of all on a day, and how many came per complete month (oldest first)."""

    reached: int
    total: int
    at: date
    monthly: tuple[int, ...]
    band: PaceBand | None

    @classmethod
    def of(
        cls,
        rows: Sequence[Cell],
        at: date,
        monthly: Mapping[date, int] | None = None,
        **length: int,
    ) -> Progress:
        """Read observed months; `length` may name `window` and `span` in months (see `pace_band`)."""
        amounts = tuple(complete_months(rows, at, monthly))
        last = rows[-1]
        counts = int(last.numerator or 0), int(last.denominator or 0)
        return cls(*counts, at, amounts, pace_band(amounts, **length))

    def ahead(self, on: date) -> Outlook | None:
        """Expected share on a day; None without a pace or for a day that is not ahead."""
        return outlook(self.reached, self.total, self.band, self.at, on) if self.band else None

    def needed(self, share: Fraction, on: date) -> Fraction | None:
        """Members a month that reach a share in time; None when time is up or there are no members."""
        if not self.total:
            return None
        return needed_pace(self.reached, share * self.total, months_between(self.at, on))

    def when(self, share: Fraction) -> Reached | None:
        """When a share is reached; None without a pace."""
        if self.band is None:
            return None
        missing = max(Fraction(0), share * self.total - self.reached)
        paces = (self.band.high, self.band.middle, self.band.low)
        return Reached(*(_day_after(self.at, missing, pace) for pace in paces))


def _day_after(at: date, missing: Fraction, pace: Fraction) -> date | None:
    if not missing:
        return at
    if pace <= 0 or missing / pace > FAR_AHEAD_MONTHS:
        return None
    return at + timedelta(days=ceil(missing / pace * DAYS_PER_MONTH))


def observe(
    model: ProgressModel, catalog: Catalog, snapshot: Snapshot, *, scope: Scope, at: date | None = None
) -> Progress | None:
    """Ask the one door for what was observed up to a day; None when nothing is known yet."""
    today = min(at or snapshot.business_date, snapshot.business_date)
    window = (BEGINNING, today)
    history = query(catalog, snapshot, model.metric, scope=scope, by=("period",), between=window, at=today)
    rows = observed(history)
    if not rows:
        return None
    monthly = None
    if model.flow:
        flow = query(catalog, snapshot, model.flow, scope=scope, by=("period",), between=window, at=today)
        monthly = monthly_amounts(flow)
    return Progress.of(rows, today, monthly, **model.length)


def observed(history: MetricResult) -> tuple[Cell, ...]:
    """Months from the first one in which nearly all members had been assessed."""
    rows = [row for row in history.rows if row.denominator and row.numerator is not None]
    for index, row in enumerate(rows):
        if row.known is None or row.known >= KNOWN_ENOUGH * float(row.denominator or 1):
            return tuple(rows[index:])
    return ()


def complete_months(rows: Sequence[Cell], at: date, monthly: Mapping[date, int] | None) -> list[int]:
    """Members that came per complete month, oldest first, the first observed month left out."""
    amounts = []
    for before, row in pairwise(rows):
        if period_end(month_of(row), "month") > at:
            break
        net = int(row.numerator or 0) - int(before.numerator or 0)
        amounts.append(net if monthly is None else monthly.get(month_of(row), 0))
    return amounts


def month_of(row: Cell) -> date:
    """First day of a row's month; a history without months is an error of the program."""
    if row.period is None:
        raise ValueError("Verlauf ohne Monate")
    return row.period


def monthly_amounts(result: MetricResult) -> dict[date, int]:
    """Return amounts per month of a flow asked by period."""
    return {row.period: int(row.value or 0) for row in result.rows if row.period is not None}
