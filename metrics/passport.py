"""Zahlenpass: everything needed to cite a figure, to check it and to compute it again.

It shows no more than the figure itself: all its values come through the one door with the asker's scope,
a suppressed cell has no numbers, and beside one the counts of deliveries are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from metrics.result import Nature, Number, Rating


@dataclass(frozen=True, slots=True)
class Amount:
    """A value with what it was made of; shares are fractions, money is exact."""

    value: Number | None
    numerator: Number | None = None
    denominator: Number | None = None
    lower: Number | None = None
    upper: Number | None = None
    qualifier: str | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """„x von y“: members of the population the figure knows, and all of them."""

    known: int
    total: int


@dataclass(frozen=True, slots=True)
class Earlier:
    """The same figure for an earlier period, by today's knowledge; `why_not` says what forbids comparing."""

    period: date
    amount: Amount
    comparable: bool
    why_not: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """The figure as one snapshot knows it; `version` is the hash of the definition it was computed with."""

    snapshot: str
    business_date: date
    published_at: datetime
    version: str
    amount: Amount


@dataclass(frozen=True, slots=True)
class Knowledge:
    """„Heutiger Kenntnisstand“ against „wie berichtet“; `difference` is the first minus the second."""

    today: Known | None
    reported: Known | None
    difference: Number | None
    note: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One cell: what it says, how much of its population is known, before it and beside it.

    `period` is the first day of the month or year the figure ends with.
    """

    period: date | None
    keys: Mapping[str, str | None]
    bucket: str | None
    amount: Amount
    cases: int | None
    coverage: Coverage | None
    target: Number | None
    rating: Rating
    suppressed: bool
    earlier: tuple[Earlier, ...]
    knowledge: Knowledge | None


@dataclass(frozen=True, slots=True)
class Break:
    """A place in the series where values before and after were not made alike."""

    on: date
    kind: str
    words: str
    parts_series: bool


@dataclass(frozen=True, slots=True)
class Grounds:
    """Population a figure refers to; `valid_from` is the day from which it is defined like this."""

    id: str
    title: str
    definition: str
    valid_from: date | None


@dataclass(frozen=True, slots=True)
class Wording:
    """Definition of the figure; `version` is the hash of what is counted, `parts` the hashes it is made of.

    `kept_with_snapshot`: the definition stands in the snapshot itself. `changed_since` names the parts that
    today's definition has otherwise.
    """

    number: str
    label: str
    kind: str
    unit: str
    decimals: int
    grain: str
    scope: str
    min_cell: int
    meaning: str
    numerator: str
    denominator: str | None
    legal: str | None
    limits: str | None
    revised: date
    version: str
    parts: Mapping[str, str]
    kept_with_snapshot: bool
    changed_since: tuple[str, ...]
    least_cases: int = 0


@dataclass(frozen=True, slots=True)
class Calculation:
    """How the figure came about: in words, and as the SQL that was asked, filters and units included."""

    words: tuple[str, ...]
    sql: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery the figure rests on; the counts are None beside a suppressed cell."""

    source: str
    title: str
    owner: str
    kind: str
    nature: str
    subject: str
    as_of: datetime
    run: str
    delivery_hash: str
    read: int | None
    published: int | None
    rejected: int | None
    duplicates: int | None
    stale: bool


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked: the same words lead to the same figure again. `units` None is the whole city.

    `first` and `last` are the periods counted, `between` the days that were asked for.
    """

    by: tuple[str, ...]
    first: date | None
    last: date | None
    between: tuple[date, date] | None
    where: Mapping[str, tuple[str | None, ...]]
    chosen: Mapping[str, str]
    units: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Passport:
    """The passport of the cells of one answer; times are UTC. `notes` belong to the figures wherever they
    are shown."""

    metric: str
    stichtag: date
    snapshot: str
    business_date: date
    published_at: datetime
    as_of: datetime | None
    nature: Nature
    stale_sources: tuple[str, ...]
    question: Question
    figures: tuple[Figure, ...]
    population: Grounds
    definition: Wording
    calculation: Calculation
    deliveries: tuple[Delivery, ...]
    counts_withheld: bool
    breaks: tuple[Break, ...]
    notes: tuple[str, ...] = ()


def difference(one: Number | None, other: Number | None) -> Number | None:
    """Return one minus the other without the dust of binary fractions; None when either is unknown."""
    if one is None or other is None:
        return None
    exact = Decimal(str(one)) - Decimal(str(other))
    if isinstance(one, Decimal) or isinstance(other, Decimal):
        return exact
    return float(exact) if isinstance(one, float) or isinstance(other, float) else int(exact)


def whole_if_possible(value: Number | None, unit: str) -> Number | None:
    """Return counts as whole numbers; money stays the decimal it is."""
    if isinstance(value, Decimal) and unit != "eur" and value == value.to_integral_value():
        return int(value)
    return value


def latest(periods: Iterable[date | None]) -> date | None:
    """Return the last of the periods that are known."""
    return max((period for period in periods if period is not None), default=None)
