"""Reads only the days a question is about: a condition on the date column inside a metric's own statement.

A filter on the month of a day has to compute the month of every row first; the same limits on the day itself
let DuckDB leave out most rows before anything is computed. With 50 million rows that is most of the time. In
what remains, `date_trunc` goes over the clock and back, which takes longer than the counting itself; within
the limits a month is the day less the days before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from metrics.question import Question, period_end


@dataclass(frozen=True, slots=True)
class Dated:
    """A statement whose period is a column of days cut to `grain`; `column` names it as SQL."""

    tree: exp.Select
    column: exp.Column
    grain: str


def limited(
    question: Question, first: date | None = None, last: date | None = None
) -> tuple[str, tuple[date, ...]]:
    """Return the statement of a question's metric and its parameters, limited to what the question reads.

    first, last: periods the caller needs no others than. Statements of another shape stay as they are; the
    rows of the periods asked for are the same either way.
    """
    first = max((day for day in (question.first, first) if day), default=None)
    last = min(day for day in (question.last, last) if day)
    # A window that ends with the last month with data has to look for that month among all of them.
    if first is None:
        return question.metric.sql, ()
    return bound_statement(question.metric.sql, question.metric.definition.grain, first, last)


def bound_statement(sql: str, grain: str, first: date, last: date) -> tuple[str, tuple[date, ...]]:
    """Return a statement limited to the days of the periods from `first` to `last`, and its parameters."""
    dated = dated_statement(sql)
    if dated is None or dated.grain != grain:
        return sql, ()
    return _with_limits(sql), (first, period_end(last, grain) + timedelta(days=1))


@lru_cache(maxsize=1024)
def dated_statement(sql: str) -> Dated | None:
    """Return how a statement makes its periods of days; None when it is of another shape."""
    try:
        tree = sqlglot.parse_one(sql, read="duckdb")
    except SqlglotError:
        return None
    if not isinstance(tree, exp.Select) or tree.args.get("with_") or tree.args.get("with"):
        return None
    if any(tree.args.get(part) for part in ("qualify", "limit", "offset")) or tree.find(exp.Window):
        return None
    period = next((item for item in tree.selects if item.alias_or_name == "period"), None)
    cut = period.unalias() if period is not None else None
    cut = cut.this if isinstance(cut, exp.Cast) and cut.is_type("date") else cut
    if cut is None or not _is_cut(cut) or not isinstance(cut.this, exp.Column):
        return None
    return Dated(tree, cut.this, cut.text("unit").lower())


@lru_cache(maxsize=1024)
def _with_limits(sql: str) -> str:
    dated = dated_statement(sql)
    if dated is None:
        return sql
    column = dated.column.sql(dialect="duckdb")
    inside = dated.tree.where(f"{column} >= ?", f"{column} < ?", dialect="duckdb", copy=True)
    return _quick_months(inside, dated).sql(dialect="duckdb")


def _quick_months(tree: exp.Select, dated: Dated) -> exp.Select:
    """Write the first of a month without `date_trunc`, where the statement takes it as a date everywhere."""
    if dated.grain != "month":
        return tree
    day = f"CAST({dated.column.sql(dialect='duckdb')} AS DATE)"
    first = sqlglot.parse_one(f"({day} - (day({day}) - 1)::INTEGER)", read="duckdb")

    def is_month(node: exp.Expr) -> bool:
        return _is_cut(node) and node.this == dated.column and node.text("unit").lower() == "month"

    quick: exp.Select = tree.copy()
    for node in list(quick.find_all(exp.Cast)):
        if is_month(node.this) and node.is_type("date"):
            node.replace(first.copy())
    # What is grouped by the moment or under another spelling and shown as a date has to stay as it is.
    return tree if any(_is_cut(node) for node in quick.walk()) else quick


def _is_cut(node: exp.Expr) -> bool:
    return isinstance(node, exp.DateTrunc | exp.TimestampTrunc)
