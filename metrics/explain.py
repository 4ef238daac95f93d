"""„Woher kommt diese Zahl?“: the way from the sources to one figure, in ordered steps with numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Literal

from metrics.catalog import Catalog, Metric
from metrics.compute import as_number
from metrics.lineage import Snapshot
from metrics.query import query, selection_of
from metrics.question import Question, Where, ask
from metrics.result import Cell, Load, MetricResult, Number, Scope
from metrics.targets import Target

StepKind = Literal["source", "check", "count", "divide", "median", "distribute"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `at` is its time stamp (UTC), `value` its intermediate result in the metric's unit or rows.

    Sources give the rows published, the check the rows rejected of all rows read.
    """

    number: int
    kind: StepKind
    title: str
    detail: str
    at: datetime | None = None
    value: Number | None = None
    numerator: Number | None = None
    denominator: Number | None = None


@dataclass(frozen=True, slots=True)
class RatingRule:
    """The rule behind a rating: target of the day, tolerated distance (both in its unit), who decided."""

    target: Number
    tolerance: Number
    better: str
    owner: str
    decided: str | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A figure with its Rechenweg and rating rule."""

    metric: Metric
    result: MetricResult
    steps: tuple[Step, ...]
    rule: RatingRule | None


def explain(
    catalog: Catalog,
    snapshot: Snapshot,
    metric_id: str,
    *,
    scope: Scope,
    between: tuple[date, date] | None = None,
    where: Where | None = None,
    at: date | None = None,
) -> Explanation:
    """Explain the total of a metric within a scope; raises like `metrics.query.query`."""
    metric = catalog.metric(metric_id)
    result = query(catalog, snapshot, metric_id, scope=scope, between=between, where=where, at=at)
    first = result.rows[0] if result.rows else None
    drafts = [*_sources(result.lineage), *_check(result.lineage), *_counting(metric, result, first)]
    steps = tuple(_numbered(position, step) for position, step in enumerate(drafts, start=1))
    question = ask(
        metric,
        scope=scope,
        by=(),
        between=between,
        where=where,
        at=at,
        business_date=snapshot.business_date,
    )
    rule = _rule(catalog.targets.get(metric.id), question, first, metric.definition.better)
    return Explanation(metric, result, steps, rule)


def _sources(loads: tuple[Load, ...]) -> list[Step]:
    return [
        Step(0, "source", load.title, f"{load.kind}, {load.owner}", at=load.as_of, value=load.published)
        for load in loads
    ]


def _check(loads: tuple[Load, ...]) -> list[Step]:
    if not loads:
        return []
    rejected = sum(load.rejected for load in loads)
    duplicates = sum(load.duplicates for load in loads)
    found = [
        *(["Zeilen in Quarantäne"] if rejected else []),
        *(["Doppelte erkannt"] if duplicates else []),
    ]
    detail = ", ".join(found) or "Alle gelesenen Zeilen erfüllen ihre Vereinbarung"
    return [Step(0, "check", "Prüfen", detail, value=rejected, numerator=rejected, denominator=_read(loads))]


def _read(loads: tuple[Load, ...]) -> int:
    return sum(load.read for load in loads)


def _counting(metric: Metric, result: MetricResult, cell: Cell | None) -> list[Step]:
    definition = metric.definition
    if cell is None or cell.suppressed:
        return []
    counted = definition.numerator_text
    if definition.kind == "quantile":
        return [
            Step(0, "count", "Zählen", counted, value=cell.n),
            Step(0, "median", "Mittleren Wert bestimmen", "Werte ordnen, Grenze ablesen", value=cell.value),
        ]
    if definition.kind == "distribution":
        total = cell.denominator
        return [Step(0, "distribute", "Zählen je Gruppe", counted, value=total, denominator=total)]
    if definition.kind == "sum":
        title = "Zusammenrechnen" if definition.unit == "eur" else "Zählen"
        return [Step(0, "count", title, counted, value=cell.value, numerator=cell.numerator)]
    return [
        Step(0, "count", "Zählen", counted, value=cell.numerator),
        Step(
            0,
            "divide",
            "Teilen",
            definition.denominator_text or "",
            value=cell.value,
            numerator=cell.numerator,
            denominator=cell.denominator,
        ),
    ]


def _numbered(position: int, step: Step) -> Step:
    return Step(
        position, step.kind, step.title, step.detail, step.at, step.value, step.numerator, step.denominator
    )


def _rule(target: Target | None, question: Question, cell: Cell | None, better: str) -> RatingRule | None:
    if target is None or cell is None or cell.target is None:
        return None
    rule = target.rule_for(selection_of(question, {}, cell.period))
    if rule is None:
        return None
    tolerance = rule.tolerance(Fraction(cell.target))
    return RatingRule(
        target=cell.target,
        tolerance=as_number(tolerance, cell.value) or 0,
        better=better,
        owner=target.owner,
        decided=rule.decided or target.decided,
    )
