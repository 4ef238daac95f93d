"""Several breakdowns of one figure in one reading: total, subtotals and cells from the same rows.

Every level is what the door would answer if it were asked for that breakdown alone; none is made from
another, so that subtotals are right for shares, medians and stocks as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from metrics.catalog import Catalog, Metric
from metrics.compiler import bits_of, compile_levels
from metrics.compute import Figure, compute
from metrics.lineage import Snapshot
from metrics.older import told_when_older
from metrics.query import cell_of, units_in_scope
from metrics.question import Question, Where, add_months, ask
from metrics.result import Cell, Scope
from metrics.targets import Target
from warehouse.errors import ConfigError

PERIOD = "period"
TIME_KEYS: Mapping[str, str] = {
    "year": "strftime(metric.period, '%Y')",
    "quarter": "strftime(metric.period, '%Y') || '-Q' || quarter(metric.period)",
    "month": "strftime(metric.period, '%Y-%m')",
}
"""Lengths of time that months can be put into, as keys: „2025“, „2025-Q4“, „2025-11“."""
_MONTHS = {"year": 12, "quarter": 3, "month": 1}
MOST_ROWS = 200_000

Level = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Leveled:
    """A cell of the door with its place: values of the level's keys, in their order."""

    path: tuple[str | None, ...]
    cell: Cell


def query_levels(
    catalog: Catalog,
    snapshot: Snapshot,
    metric_id: str,
    levels: Sequence[Level],
    *,
    scope: Scope,
    between: tuple[date, date] | None = None,
    where: Where | None = None,
    at: date | None = None,
    periods: Sequence[date] | None = None,
) -> dict[Level, list[Leveled]]:
    """Answer several breakdowns of a metric in one reading.

    levels: each names dimensions, organisation levels and, for flows asked `between`, at most one of „year“,
    „quarter“, „month“; for figures of a day `periods` asks for each of these periods by itself.
    Not for protected metrics nor for those without a rule over time, which are asked cut by cut.
    Raises what `query` raises, and ConfigError (too_fine) for more rows than anybody reads.
    """
    metric = catalog.metric(metric_id)
    together: dict[frozenset[str], list[Level]] = {}
    for level in dict.fromkeys(levels):
        # A level without a dimension whose values are never added up takes its default: other rows.
        chosen = frozenset(name for name in level if name in metric.definition.choose_one)
        together.setdefault(chosen, []).append(level)
    asked = _Asked(catalog, snapshot, metric, scope, between, where, at, periods)
    return {level: cells for group in together.values() for level, cells in asked.read(group).items()}


@dataclass(frozen=True, slots=True)
class _Asked:
    """What all levels of a question share."""

    catalog: Catalog
    snapshot: Snapshot
    metric: Metric
    scope: Scope
    between: tuple[date, date] | None
    where: Where | None
    at: date | None
    periods: Sequence[date] | None

    def read(self, levels: Sequence[Level]) -> dict[Level, list[Leveled]]:
        """Read levels that rest on the same rows."""
        names = list(dict.fromkeys(name for level in levels for name in level))
        times = [name for name in names if name in TIME_KEYS]
        keys = [name for name in names if name not in TIME_KEYS]
        question = self._question(keys)
        places = [[(*keys, *times).index(name) for name in level] for level in levels]
        compiled = compile_levels(
            question,
            places,
            units_in_scope(self.snapshot, question),
            more_keys=[TIME_KEYS[name] for name in times],
            periods=self.periods,
            most=MOST_ROWS + 1,
        )
        with told_when_older(self.snapshot):
            rows = self.snapshot.query(compiled.sql, compiled.params)
        if len(rows) > MOST_ROWS:
            raise too_fine()
        found = {}
        for level, place in zip(levels, places, strict=True):
            bits = bits_of(place, len(names))
            mine = [
                (row[1], *(row[2 + key] for key in place), *row[2 + len(names) :])
                for row in rows
                if row[0] == bits
            ]
            figures = compute(self.metric.definition, mine, len(level), compiled.figures)
            found[level] = [Leveled(figure.keys, self._cell(question, level, figure)) for figure in figures]
        return found

    def _question(self, keys: Sequence[str]) -> Question:
        return ask(
            self.metric,
            scope=self.scope,
            by=[*keys, *([PERIOD] if self.periods is not None else [])],
            between=self.between,
            where=self.where,
            at=self.at,
            business_date=self.snapshot.business_date,
        )

    def _cell(self, question: Question, level: Level, figure: Figure) -> Cell:
        target, on = self.catalog.targets.get(self.metric.id), self.snapshot.business_date
        return _rated(question, level, figure, target, min(self.at or on, on), on)


def too_fine() -> ConfigError:
    """Return the refusal of more groups than anybody reads."""
    return ConfigError(
        "Diese Aufgliederung hat mehr Felder, als jemand lesen kann",
        code="too_fine",
        allowed=f"{MOST_ROWS:,} Felder".replace(",", "."),
        next_step="Weniger Merkmale wählen oder filtern",
    )


def _rated(
    question: Question, level: Level, figure: Figure, target: Target | None, today: date, business_date: date
) -> Cell:
    """The cell as if its level had been asked alone, a length of time as its window."""
    named = dict(zip(level, figure.keys, strict=True))
    for name in (name for name in level if name in TIME_KEYS):
        if (value := named.pop(name)) is not None:
            question = _within(question, *span_of(name, value))
    alone = replace(question, keys=tuple(named))
    plain = replace(figure, keys=tuple(named.values()))
    return cell_of(alone, plain, target, today, business_date)


def _within(question: Question, first: date, last: date) -> Question:
    first = max(first, question.first or first)
    return replace(question, first=first, last=min(last.replace(day=1), question.last), explicit_window=True)


def span_of(name: str, value: str) -> tuple[date, date]:
    """Return first and last day of a length of time; ValueError for what is none."""
    year, _, rest = value.partition("-")
    place = int(rest.removeprefix("Q")) if rest else 1
    if not 1 <= place <= 12 // _MONTHS[name]:
        raise ValueError(value)
    first = date(int(year), (place - 1) * _MONTHS[name] % 12 + 1, 1)
    return first, add_months(first, _MONTHS[name]) - timedelta(days=1)


def members_between(name: str, first: date, last: date) -> Iterator[str]:
    """Yield all lengths of time that touch a span, in order."""
    day, length = first.replace(day=1), _MONTHS[name]
    day = day.replace(month=(day.month - 1) // length * length + 1)
    while day <= last:
        yield member_of(name, day)
        day = add_months(day, length)


def member_of(name: str, day: date) -> str:
    """Return the length of time a day lies in."""
    if name == "year":
        return f"{day:%Y}"
    return f"{day.year}-Q{(day.month + 2) // 3}" if name == "quarter" else f"{day:%Y-%m}"
