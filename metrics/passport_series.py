"""What came before a figure: earlier values, each with whether it can be compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from metrics.catalog import Catalog
from metrics.definition import Definition
from metrics.lineage import Snapshot
from metrics.passport import Amount, Break, Earlier, latest, whole_if_possible
from metrics.query import query
from metrics.question import Where, add_months, period_end
from metrics.result import Cell, MetricResult, Scope

MONTHS_BACK = 12
YEARS_BACK = 5
CellKey = tuple[tuple[tuple[str, str | None], ...], str | None, date | None]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with everything it needs, to be asked again for other days."""

    catalog: Catalog
    snapshot: Snapshot
    metric_id: str
    scope: Scope
    by: tuple[str, ...] = ()
    between: tuple[date, date] | None = None
    where: Where | None = None
    at: date | None = None

    @property
    def definition(self) -> Definition:
        """Header of the metric."""
        return self.catalog.metric(self.metric_id).definition

    def answer(
        self,
        *,
        by: tuple[str, ...] | None = None,
        between: tuple[date, date] | None = None,
        at: date | None = None,
    ) -> MetricResult:
        """Ask for other days or another breakdown; what is not given stays as it was asked."""
        return query(
            self.catalog,
            self.snapshot,
            self.metric_id,
            scope=self.scope,
            by=self.by if by is None else by,
            between=between or self.between,
            where=self.where,
            at=at or self.at,
        )


def amount_of(cell: Cell, definition: Definition) -> Amount:
    """Return the numbers of a cell; a suppressed one has none."""
    if cell.suppressed:
        return Amount(None)
    plain = {
        name: whole_if_possible(getattr(cell, name), definition.unit)
        for name in ("value", "numerator", "denominator", "lower", "upper")
    }
    return Amount(**plain, qualifier=cell.qualifier)


def key_of(cell: Cell, by_period: bool = False) -> CellKey:
    """Return what tells a cell from the others of its answer; its period only where it was asked for."""
    return tuple(sorted(cell.keys.items())), cell.bucket, cell.period if by_period else None


def earlier_values(
    asked: Asked, result: MetricResult, breaks: Sequence[Break]
) -> Mapping[CellKey, tuple[Earlier, ...]]:
    """Return the values of earlier periods per cell, newest first.

    An answer by period is its own series; protected figures are only shown once, as a whole.
    """
    end = latest(cell.period for cell in result.rows)
    if end is None or "period" in asked.by or asked.definition.min_cell:
        return {}
    found: dict[CellKey, dict[date, Earlier]] = {}
    for answer in _earlier_answers(asked, end):
        for cell in answer.rows:
            if cell.period is None or cell.period >= end or cell.suppressed or cell.value is None:
                continue
            found.setdefault(key_of(cell), {})[cell.period] = _earlier(cell, end, breaks, asked.definition)
    return {key: tuple(cells[p] for p in sorted(cells, reverse=True)) for key, cells in found.items()}


def start_of_series(definition: Definition, end: date) -> date:
    """Return the earliest period looked at for a figure that ends with a period."""
    if definition.grain == "year":
        return end.replace(year=end.year - YEARS_BACK)
    return add_months(end, -max(MONTHS_BACK, definition.window_months)).replace(day=1)


def _earlier_answers(asked: Asked, end: date) -> list[MetricResult]:
    definition = asked.definition
    if asked.between and definition.over_time != "last":
        year_before = (_year_before(asked.between[0]), _year_before(asked.between[1]))
        return [asked.answer(between=year_before)]
    if definition.over_time == "sum" and definition.window_months > 1:
        # Months say nothing beside a year: only windows of the same length compare.
        steps = sorted({definition.window_months, MONTHS_BACK})
        days = [period_end(add_months(end, -step), definition.grain) for step in steps]
        return [asked.answer(at=day) for day in days]
    window = (start_of_series(definition, end), period_end(end, definition.grain))
    return [asked.answer(by=(*asked.by, "period"), between=window)]


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _earlier(cell: Cell, end: date, breaks: Sequence[Break], definition: Definition) -> Earlier:
    period = cell.period or end
    parting = [item for item in breaks if item.parts_series and period < item.on <= end]
    why_not = parting[-1].words if parting else None
    return Earlier(period, amount_of(cell, definition), not parting, why_not)
