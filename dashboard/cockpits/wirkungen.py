"""Wirkungen: what a measure brought, before and after its introduction, and how strong the evidence is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from metrics.definition import Definition
from metrics.question import add_months, period_end
from metrics.result import Cell, MetricResult, Number, Rating
from metrics.targets import Rule

Ask = Callable[..., MetricResult]
Evidence = Literal["hoch", "mittel", "gering"]
MONTHS = 12
FEW_CASES = 30
# Means of so many sheets or Euro are read in thousands.
THOUSANDS_FROM = 10_000
THOUSANDS_OF = frozenset({"sheets", "count", "eur"})
# Zero means „nothing“ in these units, so that a change in percent says something; a grade has no such zero.
WITH_ZERO = frozenset({"days", "minutes", "sheets", "count", "eur", "pt", "hours", "kg"})
PERSPECTIVES: Mapping[str, str] = {
    "buerger": "Bürgerinnen und Bürger",
    "verwaltung": "Verwaltung",
    "politik": "Politik und Gesellschaft",
    "wirtschaft": "Unternehmen",
    "verbaende": "Vereine und Verbände",
}
BASES: Mapping[str, str] = {
    "vollerhebung": "Vollerhebung",
    "stichprobe": "Stichprobe",
    "einzelquelle": "Einzelquelle",
}


@dataclass(frozen=True, slots=True)
class Expected:
    """An effect a town expects, as its catalogue of effects names it."""

    effect_id: str
    title: str
    subtitle: str
    goal: int
    perspective: str
    metric_id: str
    procedure: str | None
    introduced_on: date
    introduced_by: str
    basis: str

    @property
    def where(self) -> dict[str, str]:
        """Conditions for the door."""
        return {"procedure": self.procedure} if self.procedure else {}


def expected_of(row: Mapping[str, Any]) -> Expected:
    """Read one row of the record list `effects`."""
    names = tuple(Expected.__dataclass_fields__)
    return Expected(**{name: row[name] for name in names})


@dataclass(frozen=True, slots=True)
class Window:
    """Mean over months `first` to `last` (first days); `months` of them have data.

    `cases` is what the mean rests on, None where single cases are not counted (sheets of paper).
    """

    first: date
    last: date
    value: Number
    months: int
    cases: int | None


@dataclass(frozen=True, slots=True)
class Effect:
    """One effect measured. Values are in the unit of the metric; shares are fractions.

    `current` is the figure as every other page shows and rates it. `running` counts full months since the
    introduction. `change` is the mean of the last months minus the mean before.
    """

    expected: Expected
    definition: Definition
    points: tuple[tuple[date, Number], ...]
    before: Window | None
    after: Window | None
    goal: Number | None
    current: Cell | None
    running: int
    result: MetricResult

    @property
    def change(self) -> Number | None:
        """Difference of the two means."""
        if self.before is None or self.after is None:
            return None
        return float(Decimal(str(self.after.value)) - Decimal(str(self.before.value)))

    @property
    def relative(self) -> Number | None:
        """Change as a fraction of the mean before; None in units without a natural zero."""
        if self.change is None or self.before is None or self.definition.unit not in WITH_ZERO:
            return None
        return float(self.change) / float(self.before.value) if self.before.value else None

    @property
    def wanted(self) -> bool | None:
        """Whether the change goes the way the metric calls better; None without comparison or direction."""
        if self.change is None or self.definition.better == "none":
            return None
        return self.change > 0 if self.definition.better == "higher" else self.change < 0

    @property
    def rating(self) -> Rating:
        """Rating of the current figure."""
        return self.current.rating if self.current else "neu"

    @property
    def evidence(self) -> Evidence | None:
        """Belegstärke, None without comparison."""
        if self.before is None or self.after is None:
            return None
        counts = [window.cases for window in (self.before, self.after) if window.cases is not None]
        cases = min(counts) if counts else None
        return evidence(self.expected.basis, self.before.months, self.after.months, cases)

    @property
    def scale(self) -> int:
        """1, or 1000 where values are read in thousands."""
        largest = max((abs(float(value)) for _, value in self.points), default=0.0)
        return 1000 if self.definition.unit in THOUSANDS_OF and largest >= THOUSANDS_FROM else 1


def evidence(basis: str, months_before: int, months_after: int, cases: int | None) -> Evidence:
    """Return the Belegstärke by the written rule.

    gering: a single source, or fewer than 30 cases on one side. hoch: everything counted, at least 12 months
    on both sides. mittel: a sample, or shorter. `cases` None: single cases are not counted.
    """
    if basis == "einzelquelle" or (cases is not None and cases < FEW_CASES):
        return "gering"
    if basis == "vollerhebung" and min(months_before, months_after) >= MONTHS:
        return "hoch"
    return "mittel"


def last_full_month(today: date) -> date:
    """Return the first day of the last month that is over at the end of the day."""
    first = today.replace(day=1)
    return first if period_end(first, "month") == today else add_months(first, -1)


def first_full_month(introduced_on: date) -> date:
    """Return the first day of the first month the measure ran from its first day on."""
    first = introduced_on.replace(day=1)
    return first if first == introduced_on else add_months(first, 1)


def start_of(effects: Sequence[Expected]) -> date:
    """Return the first month all small multiples show: January of the year before the first introduction."""
    earliest = min((item.introduced_on for item in effects), default=date(2000, 1, 1))
    return date(earliest.year - 1, 1, 1)


def measure(
    ask: Ask,
    definition: Definition,
    expected: Expected,
    *,
    rule: Rule | None,
    start: date,
    today: date,
    where: Mapping[str, str] | None = None,
    at: date | None = None,
) -> Effect:
    """Ask the door for one effect: months, both means, the current figure. `where` narrows it further.

    `at` is the Stichtag where `today` is not the day of the snapshot.
    """
    asked = {**expected.where, **(where or {})}
    full = last_full_month(today)
    months = ask(expected.metric_id, by=("period",), where=asked, between=(start, period_end(full, "month")))
    points = tuple((row.period, row) for row in months.rows if row.period and row.value is not None)
    last = points[-1][0] if points else full
    since = first_full_month(expected.introduced_on)
    until = add_months(expected.introduced_on.replace(day=1), -1)

    def mean(first: date, end: date) -> Window | None:
        return _window(
            ask, definition, expected.metric_id, asked, [p for p in points if first <= p[0] <= end]
        )

    day = {} if at is None else {"at": at}
    current = ask(expected.metric_id, where=asked, **day)
    return Effect(
        expected=expected,
        definition=definition,
        points=tuple((month, row.value) for month, row in points if row.value is not None),
        before=mean(add_months(until, 1 - MONTHS), min(until, last)),
        after=mean(max(add_months(last, 1 - MONTHS), since), last),
        goal=_goal(definition, rule),
        current=current.total,
        running=max(0, (last.year - since.year) * 12 + last.month - since.month + 1) if points else 0,
        result=current,
    )


def _goal(definition: Definition, rule: Rule | None) -> Number | None:
    """The end of the promised path, where it speaks about a month as the small multiple shows it."""
    flow = definition.kind == "sum" and definition.over_time == "sum"
    if rule is None or not rule.path or (flow and definition.window_months != 1):
        return None
    return rule.path[-1].value


def _window(
    ask: Ask,
    definition: Definition,
    metric_id: str,
    where: Mapping[str, str],
    months: Sequence[tuple[date, Cell]],
) -> Window | None:
    """Mean over months: Σ numerator ÷ Σ denominator, or the median of all cases; never a mean of means."""
    if not months:
        return None
    first, last = months[0][0], months[-1][0]
    if definition.over_time == "sum":
        between = (first, period_end(last, "month"))
        total = ask(metric_id, where=where, between=between).total
        value, cases = _of_total(definition, total, len(months))
    else:
        value, cases = _of_stocks(definition, [row for _, row in months])
    return None if value is None else Window(first, last, value, len(months), cases)


def _of_total(definition: Definition, total: Cell | None, months: int) -> tuple[Number | None, int | None]:
    if total is None or total.value is None:
        return None, None
    if definition.kind == "sum":
        return float(Decimal(str(total.value)) / months), total.n
    counted = total.n if total.n is not None else total.denominator
    return total.value, None if counted is None else int(counted)


def _of_stocks(definition: Definition, rows: Sequence[Cell]) -> tuple[Number | None, int | None]:
    """Month-end stocks are weighed by their own size; a median of medians is refused."""
    if definition.kind == "sum":
        return float(sum(Fraction(row.value or 0) for row in rows) / len(rows)), None
    total = sum(Fraction(row.denominator or 0) for row in rows)
    if definition.kind not in ("share", "mean") or not total:
        return None, None
    return float(sum(Fraction(row.numerator or 0) for row in rows) / total), None


def y_range_of(effects: Sequence[Effect]) -> tuple[float, float] | None:
    """Return the common value axis of effects of one metric, so that neighbours are read alike.

    As drawn: in thousands where the first effect is. None without values.
    """
    values = [float(value) for effect in effects for _, value in effect.points]
    values += [float(effect.goal) for effect in effects if effect.goal is not None]
    if not values:
        return None
    low, high = min(values), max(values)
    room = (high - low) * 0.26 or abs(high) * 0.26 or 1.0
    return (low - room) / effects[0].scale, (high + room) / effects[0].scale
