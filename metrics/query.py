"""The one door: cockpit, explorer, report and command line all ask here, always with a scope."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from metrics.catalog import Catalog
from metrics.compiler import compile_question
from metrics.compute import Figure, as_number, compute
from metrics.definition import PERIOD_YEAR, Definition
from metrics.lineage import Snapshot, provenance
from metrics.older import told_when_older
from metrics.protect.published import published_figures, units_of
from metrics.protect.withdrawn import without_withdrawn
from metrics.question import Question, Where, ask, period_end
from metrics.rating import rate
from metrics.result import Cell, Coverage, MetricResult, Number, Scope
from metrics.targets import Rule, Selection, Target
from warehouse.errors import ConfigError


def query(
    catalog: Catalog,
    snapshot: Snapshot,
    metric_id: str,
    *,
    scope: Scope,
    by: Iterable[str] = (),
    between: tuple[date, date] | None = None,
    where: Where | None = None,
    at: date | None = None,
    org_as_of: date | None = None,
) -> MetricResult:
    """Return figures of a metric within a scope.

    by: dimensions, organisation levels („dezernat“, „fachdienst“) and „period“; an answer without breakdown
    has one row, its value None when there is no data. between: first and last day of the period asked for.
    where: dimension → value or list of values (None = not stated). at: Stichtag, default the business date.
    Stocks show the last period whose Stichtag is not after `at`; flows the window of the metric, ending with
    the last complete period that has data. Unset choose_one dimensions take their default. org_as_of: read a
    breakdown by units under the tree of that day; rows whose unit cannot be carried over stand under
    „nicht_uebertragbar“, and there are no targets, because those were decided for the units of today.

    Raises ConfigError (unknown_metric, unknown_dimension, no_breakdown, choose_one, bad_period, bad_text,
    other_tree), AccessError (protected), RetriableError (older_snapshot: a table comes with the next run).
    """
    metric = catalog.metric(metric_id)
    asked = tuple(dict.fromkeys(by))
    question = ask(
        metric,
        scope=scope,
        by=asked,
        between=between,
        where=where,
        at=at,
        business_date=snapshot.business_date,
        org_as_of=org_as_of,
    )
    if org_as_of:
        _check_tree_known(snapshot, org_as_of)
    figures, notes = without_withdrawn(_figures(snapshot, question), catalog.withdrawn.of(metric.id))
    target = None if org_as_of else catalog.targets.get(metric.id)
    today = min(at or snapshot.business_date, snapshot.business_date)
    cells = tuple(cell_of(question, figure, target, today, snapshot.business_date) for figure in figures)
    origin = provenance(snapshot, metric)
    return MetricResult(
        metric_id=metric.id,
        rows=cells,
        by=asked,
        between=between,
        snapshot=snapshot.name,
        business_date=snapshot.business_date,
        as_of=origin.as_of,
        stale_sources=origin.stale_sources,
        coverage=_coverage(question, cells),
        nature=origin.nature,
        lineage=origin.loads,
        org_as_of=org_as_of,
        notes=notes,
    )


def _check_tree_known(snapshot: Snapshot, on: date) -> None:
    ((first,),) = snapshot.query("SELECT min(valid_from) FROM core.org_unit")
    if first is None or on < first:
        raise ConfigError(
            "Für diesen Tag ist keine Gliederung hinterlegt",
            code="other_tree",
            found=on.isoformat(),
            allowed=f"ab {first.isoformat()}" if first else "keine",
        )


def _figures(snapshot: Snapshot, question: Question) -> list[Figure]:
    find = published_figures if question.metric.definition.protect else _computed
    figures = find(snapshot, question)
    if not figures and not question.keys and not question.by_period:
        return [Figure(period=question.last, keys=(), exact=None, value=None)]
    return figures


def _computed(snapshot: Snapshot, question: Question) -> list[Figure]:
    compiled = compile_question(question, units_in_scope(snapshot, question))
    with told_when_older(snapshot):
        rows = snapshot.query(compiled.sql, compiled.params)
    return compute(question.metric.definition, rows, len(question.keys), compiled.figures)


def units_in_scope(snapshot: Snapshot, question: Question) -> frozenset[str] | None:
    """Return the units whose rows count, None where all do."""
    limited = question.metric.definition.scope == "organisation" and question.scope.units is not None
    return units_of(snapshot, question.scope) if limited else None


def cell_of(
    question: Question, figure: Figure, target: Target | None, today: date, business_date: date
) -> Cell:
    """Return a figure as it leaves the door: rated, and without what must not be told."""
    definition = question.metric.definition
    keys = dict(zip(question.keys, figure.keys, strict=True))
    period = figure.period or (None if question.by_period else question.last)
    if figure.hidden or _is_of_few(definition, figure):
        return Cell(period=period, keys=keys, value=None, suppressed=True)
    rule = _rule(question, keys, period, target)
    on = _day_of_target(question, period, today, business_date)
    verdict = rate(figure.exact, rule, on, definition.better)
    return Cell(
        period=period,
        keys=keys,
        value=figure.value,
        numerator=figure.numerator,
        denominator=figure.denominator,
        bucket=figure.bucket if definition.kind == "distribution" else None,
        n=figure.n,
        lower=figure.lower,
        upper=figure.upper,
        qualifier=figure.qualifier,
        known=figure.known,
        target=_in_unit(definition, figure, verdict.target),
        deviation=_in_unit(definition, figure, verdict.deviation),
        rating=verdict.rating,
    )


def _is_of_few(definition: Definition, figure: Figure) -> bool:
    if definition.least_cases:
        return 0 < (figure.n or 0) < definition.least_cases
    return not definition.protect and (figure.n or 0) < definition.min_cell


def _in_unit(definition: Definition, figure: Figure, exact: Fraction | None) -> Number | None:
    if exact is not None and definition.kind in ("share", "mean"):
        return float(exact)
    return as_number(exact, figure.value)


def _rule(
    question: Question, keys: dict[str, str | None], period: date | None, target: Target | None
) -> Rule | None:
    if target is None or not _comparable(question) or question.metric.definition.kind == "distribution":
        return None
    return target.rule_for(selection_of(question, keys, period))


def _comparable(question: Question) -> bool:
    """A target for the sum of six months says nothing about one month; levels compare at any length."""
    definition = question.metric.definition
    if definition.kind != "sum" or definition.over_time != "sum":
        return True
    if question.by_period:
        return definition.window_months == 1
    if question.first is None:
        return True
    months = (question.last.year - question.first.year) * 12 + question.last.month - question.first.month + 1
    return months == definition.window_months


def selection_of(question: Question, keys: dict[str, str | None], period: date | None) -> Selection:
    """Say what a cell speaks about, for choosing its target; defaults of choose_one do not narrow it."""
    defaults = question.metric.definition.choose_one
    values: dict[str, str | None] = {}
    other = question.metric.definition.scope == "organisation" and question.scope.units is not None
    for name, allowed in question.filters.items():
        if len(allowed) == 1:
            values[name] = allowed[0]
        else:
            other = True
    year = str(period.year) if period else None
    values |= dict.fromkeys(question.year_of_period, year)
    values |= keys
    usual = {name: year if default == PERIOD_YEAR else default for name, default in defaults.items()}
    narrowed = frozenset(name for name, value in values.items() if name not in usual or usual[name] != value)
    return Selection(values, narrowed, other)


def _day_of_target(question: Question, period: date | None, today: date, business_date: date) -> date:
    """„Soll heute“ for the figure of today; for a month of the past or the plan the target of its own end."""
    definition = question.metric.definition
    if period is None:
        return today
    end = period_end(period, definition.grain)
    if question.by_period:
        return min(end, today) if period <= today else end
    if definition.over_time == "last":
        return min(end, business_date)
    return end if question.explicit_window else today


def _coverage(question: Question, cells: Sequence[Cell]) -> Coverage | None:
    """Known and all members of the population in the latest period of the answer.

    Beside one another, values of which one is chosen count the same members again: each row has its own.
    """
    if not cells or cells[0].known is None or _shows_alternatives(question, cells):
        return None
    latest = max(cell.period or date.min for cell in cells)
    groups = {
        tuple(cell.keys.values()): (cell.known or 0, int(cell.denominator or 0))
        for cell in cells
        if (cell.period or date.min) == latest
    }
    return Coverage(sum(known for known, _ in groups.values()), sum(total for _, total in groups.values()))


def _shows_alternatives(question: Question, cells: Sequence[Cell]) -> bool:
    names = question.metric.definition.choose_one.keys() & set(question.keys)
    return any(len({cell.keys[name] for cell in cells}) > 1 for name in names)
