"""Turns a checked question into one SQL text with bound values.

Names come from the metric's own header only and are quoted; everything a person typed is a parameter.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from metrics import orgtree
from metrics.definition import ORG_COLUMN, ORG_LEVELS, Definition
from metrics.question import Question
from metrics.result import Scope
from metrics.window import limited
from warehouse.store import quote

_UNITS_IN_SCOPE = "SELECT unit_id FROM core.org_tree WHERE ancestor_id IN ({marks})"
# A row that does not know its numerator must not weigh in the denominator: unknown is not zero.
_PAIR = {
    "numerator": "sum(numerator) FILTER (WHERE denominator IS NOT NULL)",
    "denominator": "sum(denominator) FILTER (WHERE numerator IS NOT NULL)",
}
_SUMS = {
    "numerator": "sum(numerator)",
    "n": "sum(n)",
    "known": "sum(known)",
    "lower": "sum(coalesce(lower, numerator))",
    "upper": "sum(coalesce(upper, numerator))",
    "qualifier": "CASE WHEN count(DISTINCT qualifier) = 1 THEN min(qualifier) END",
}
# Values bound one by one; more of them are one list.
MOST_MARKS = 200


@dataclass
class Conditions:
    """Conditions joined by AND, with their parameters in order."""

    sql: list[str] = field(default_factory=list)
    params: list[object] = field(default_factory=list)

    def add(self, sql: str, *params: object) -> None:
        """Append one condition."""
        self.sql.append(sql)
        self.params.extend(params)

    @property
    def text(self) -> str:
        """All conditions, or `true`."""
        return " AND ".join(self.sql) or "true"


@dataclass(frozen=True, slots=True)
class Compiled:
    """SQL, parameters and the names of the answer's columns: period, keys, then figures."""

    sql: str
    params: tuple[object, ...]
    figures: tuple[str, ...]


def compile_question(question: Question, units: Collection[str] | None = None) -> Compiled:
    """Return the SQL of a question; its rows are period, the asked keys as text, then the figures.

    `units` are those of the scope and all below them, when they are known already: the same rows, found
    without reading the tree once more.
    """
    figures = _figures(question.metric.definition, question.metric.columns)
    keys = key_names(question.keys)
    per_bucket = ["bucket"] if "bucket" in figures else []
    group = [*(["period"] if question.by_period else []), *keys, *per_bucket]
    kept = compile_kept(question, units)
    period, names = _period_column(question, keys, figures), "".join(f", {name}" for name in keys)
    sql = f"""{kept.sql}
SELECT {period}{names}{_figure_columns(figures)}
FROM kept
{"GROUP BY " + ", ".join(group) if group else ""}"""  # noqa: S608 (names are the header's own, values bound)
    return Compiled(sql, kept.params, tuple(figures))


def key_names(keys: Sequence[str]) -> list[str]:
    """Return the names of the key columns in a statement."""
    return [f"key_{number}" for number in range(len(keys))]


def compile_kept(
    question: Question,
    units: Collection[str] | None,
    more_keys: Sequence[str] = (),
    periods: Sequence[date] | None = None,
) -> Compiled:
    """Return the tables up to `kept`: the rows a question is about with their keys as text.

    They are kept while the statement runs, so that a table of facts is read once for all made of them.

    more_keys: expressions over `metric.period` that follow the asked keys. periods: only these.
    """
    conditions = _conditions(question, units)
    if periods is not None:
        conditions.add("list_contains(?, metric.period)", list(periods))
    latest, latest_params = _latest(question)
    tree = question.other_tree
    keys = [*(f"CAST({_key_source(question, name)} AS VARCHAR)" for name in question.keys), *more_keys]
    columns = "".join(f", {sql} AS key_{number}" for number, sql in enumerate(keys))
    newest = _newest_per_group(question, key_names(question.keys))
    statement, days = limited(question, *((min(periods), max(periods)) if periods else ()))
    sql = f"""WITH metric AS (
{statement}
),{f"{chr(10)}{tree.tables}," if tree else ""}
{f"latest AS ({latest}),{chr(10)}" if latest else ""}kept AS MATERIALIZED (
    SELECT metric.*{columns}
    FROM metric{" CROSS JOIN latest" if latest else ""}{_rollup(question)}
    WHERE {conditions.text}{newest}
)"""  # noqa: S608 (names are the header's own, values bound)
    params = (*days, *(tree.params if tree else ()), *latest_params, *conditions.params)
    return Compiled(sql, params, ())


def compile_levels(
    question: Question,
    levels: Sequence[Collection[int]],
    units: Collection[str] | None = None,
    *,
    more_keys: Sequence[str] = (),
    periods: Sequence[date] | None = None,
    most: int,
) -> Compiled:
    """Return the SQL of several breakdowns of one question at once, each a set of places among the keys.

    Its rows are the place of the breakdown in `levels`, the period, all keys (NULL where they are not part
    of the breakdown), then the figures; at most `most` of them.
    """
    figures = _figures(question.metric.definition, question.metric.columns)
    keys = key_names([*question.keys, *more_keys])
    kept = compile_kept(question, units, more_keys, periods)
    always = [*(["period"] if question.by_period else []), *(["bucket"] if "bucket" in figures else [])]
    sets = ", ".join(f"({', '.join([*(keys[place] for place in level), *always])})" for level in levels)
    bits = f"grouping_id({', '.join(keys)})" if keys else "0"
    names = "".join(f", {name}" for name in keys)
    period = _period_column(question, ["level_bits", *keys], figures)
    sql = f"""{kept.sql}
SELECT {bits} AS level_bits, {period}{names}{_figure_columns(figures)}
FROM kept
GROUP BY GROUPING SETS ({sets})
LIMIT ?"""  # noqa: S608 (names are the header's own, values bound)
    return Compiled(sql, (*kept.params, most), tuple(figures))


def bits_of(level: Collection[int], keys: int) -> int:
    """Return what `level_bits` says of a breakdown: a bit for each key that is not part of it."""
    return sum(1 << (keys - 1 - place) for place in range(keys) if place not in level)


def add_scope(conditions: Conditions, scope: Scope, column: str) -> None:
    """Limit a column of unit ids to the units of a scope and everything below them."""
    if scope.units is None:
        return
    units = sorted(scope.units)
    if not units:
        conditions.add("false")
        return
    conditions.add(f"{column} IN ({_UNITS_IN_SCOPE.format(marks=_marks(units))})", *units)


def add_filter(conditions: Conditions, column: str, values: Sequence[str | None]) -> None:
    """Keep rows whose column, read as text, is one of the values; None stands for „not stated“."""
    texts = [value for value in values if value is not None]
    many = len(texts) > MOST_MARKS
    marks = "SELECT unnest(CAST(? AS VARCHAR[]))" if many else _marks(texts)
    parts = [f"CAST({column} AS VARCHAR) IN ({marks})"] if texts else []
    if None in values:
        parts.append(f"{column} IS NULL")
    conditions.add(f"({' OR '.join(parts)})" if parts else "false", *([texts] if many else texts))


def _figures(definition: Definition, columns: Collection[str]) -> dict[str, str]:
    expressions = {name: sql for name, sql in _SUMS.items() if name in columns}
    if definition.kind in ("share", "mean"):
        expressions |= _PAIR
    if "bucket" in columns:
        expressions = {"bucket": "bucket", **expressions}
    return expressions


def _figure_columns(figures: dict[str, str]) -> str:
    return "".join(f", {sql} AS {name}" for name, sql in figures.items())


def _conditions(question: Question, units: Collection[str] | None) -> Conditions:
    conditions = Conditions()
    definition = question.metric.definition
    if definition.scope == "organisation" and units is not None:
        _add_units(conditions, sorted(units))
    elif definition.scope == "organisation":
        add_scope(conditions, question.scope, f"metric.{ORG_COLUMN}")
    _add_choices(conditions, question, question.filters)
    _add_window(conditions, question)
    return conditions


def _add_units(conditions: Conditions, units: list[str]) -> None:
    # Values by themselves are looked up, a list is walked through for every row of the table.
    if 0 < len(units) <= MOST_MARKS:
        conditions.add(f"metric.{ORG_COLUMN} IN ({_marks(units)})", *units)
    else:
        conditions.add(f"list_contains(?, metric.{ORG_COLUMN})", units)


def _add_choices(conditions: Conditions, question: Question, names: Iterable[str]) -> None:
    for name in names:
        add_filter(conditions, _source_column(name), question.filters[name])
    for name in question.year_of_period:
        conditions.add(f"CAST(metric.{quote(name)} AS BIGINT) = year(metric.period)")


def _add_window(conditions: Conditions, question: Question) -> None:
    definition = question.metric.definition
    if definition.over_time == "last" and not question.by_period:
        conditions.add("metric.period = ?", question.last)
        return
    conditions.add("metric.period <= ?", question.last)
    if question.first:
        conditions.add("metric.period >= ?", question.first)
    elif definition.over_time == "sum" and not question.by_period:
        conditions.add(
            f"metric.period > latest.period - INTERVAL {definition.window_months} MONTH"
            " AND metric.period <= latest.period"
        )


def _latest(question: Question) -> tuple[str, tuple[object, ...]]:
    """The month a window ends with. A sum, and any figure of one month, ends with the last month that has
    data: a source that reports late must not empty it or make it look small. Means and shares over a longer
    window keep it; months without cases are part of the answer. Filters do not move the window, so that
    parts stay comparable; only which figure it is (choose_one) does."""
    definition = question.metric.definition
    if definition.over_time != "sum" or question.by_period:
        return "", ()
    if definition.kind != "sum" and definition.window_months > 1:
        return "SELECT CAST(? AS DATE) AS period", (question.last,)
    conditions = Conditions()
    conditions.add("metric.period <= ?", question.last)
    _add_choices(conditions, question, [name for name in question.filters if name in definition.choose_one])
    return f"SELECT max(period) AS period FROM metric WHERE {conditions.text}", tuple(conditions.params)  # noqa: S608


def _period_column(question: Question, keys: Sequence[str], figures: Collection[str]) -> str:
    if question.by_period:
        return "period"
    if question.metric.definition.over_time == "sum" and not question.explicit_window:
        return "(SELECT period FROM latest) AS period"
    if "bucket" not in figures:
        return "max(period) AS period"
    # Buckets of one cell must not part ways because a rare value last occurred in an earlier month.
    return f"max(max(period)) OVER ({_partition(keys)}) AS period"


def _partition(keys: Sequence[str]) -> str:
    return f"PARTITION BY {', '.join(keys)}" if keys else ""


def _key_source(question: Question, name: str) -> str:
    if question.other_tree and name in (ORG_COLUMN, *ORG_LEVELS):
        return orgtree.source_column(name)
    return _source_column(name)


def _source_column(name: str) -> str:
    return f"home.{name}" if name in ORG_LEVELS else f"metric.{quote(name)}"


def _rollup(question: Question) -> str:
    if question.other_tree:
        return orgtree.JOIN
    if not {*question.keys, *question.filters} & set(ORG_LEVELS):
        return ""
    return f"\n    LEFT JOIN core.org_rollup AS home ON home.unit_id = metric.{ORG_COLUMN}"


def _newest_per_group(question: Question, keys: Sequence[str]) -> str:
    """Figures without a rule over time are never added over periods: each group shows its newest."""
    if question.metric.definition.over_time != "none" or question.by_period:
        return ""
    return f"\n    QUALIFY metric.period = max(metric.period) OVER ({_partition(keys)})"


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" for _ in values)
