"""Joins of the warehouse models: none that makes the night compare every row with every other."""

from __future__ import annotations

import pytest
import sqlglot
from sqlglot import exp

from warehouse.build import load_models

MODELS = load_models()


@pytest.mark.parametrize("table", MODELS)
def test_no_outer_join_has_a_choice_in_its_condition(table: str) -> None:
    """DuckDB hashes an outer join over equalities and comparisons; an OR makes it try all pairs of rows.

    An open end of a time is therefore written as a day far away: coalesce(valid_to, DATE '9999-12-31').
    """
    (statement,) = sqlglot.parse(MODELS[table].sql, read="duckdb")
    assert statement is not None
    slow = [
        join.sql(dialect="duckdb")
        for join in statement.find_all(exp.Join)
        if join.side and (on := join.args.get("on")) is not None and on.find(exp.Or)
    ]
    assert slow == []
