"""Golden check over Musterstadt: the passport's numbers are those of `isek query`, and its SQL makes them."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction

import pytest

from dashboard.__main__ import main
from metrics.passport_issue import issue
from metrics.result import Scope
from tests.example_city import ExampleCity

NAMES = ("numerator", "denominator")


def _json(capsys: pytest.CaptureFixture[str], city: ExampleCity, *args: str) -> dict[str, object]:
    capsys.readouterr()
    assert main([*args, "--json", "--city", str(city.settings.city)], {}) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.parametrize(
    "question",
    [
        ("ozg_online_share",),
        ("ozg_online_share", "--by", "themenfeld"),
        ("ozg_online_range_share", "--where", "themenfeld=Bildung"),
        ("budget_forecast_balance_eur", "--where", "produkt=111240"),
        ("case_long_count", "--by", "channel"),
        ("case_duration_days", "--at", "2026-03-31"),
        ("reifegrad_distribution",),
    ],
    ids="_".join,
)
def test_the_numbers_of_the_passport_are_those_of_the_query(
    example_city: ExampleCity, capsys: pytest.CaptureFixture[str], question: tuple[str, ...]
) -> None:
    answer = _json(capsys, example_city, "query", *question)
    passport = _json(capsys, example_city, "query", *question, "--passport")
    rows, figures = answer["rows"], passport["figures"]
    assert isinstance(rows, list) and isinstance(figures, list) and rows
    names = ("value", "numerator", "denominator")
    assert [[figure["amount"][name] for name in names] for figure in figures] == [
        [row[name] for name in names] for row in rows
    ]
    assert [figure["suppressed"] for figure in figures] == [row["suppressed"] for row in rows]
    assert (passport["snapshot"], passport["stale_sources"]) == (answer["snapshot"], answer["stale_sources"])


def test_every_metric_has_a_passport_whose_sql_makes_its_numbers(example_city: ExampleCity) -> None:
    for metric_id, metric in example_city.catalog.metrics.items():
        issued = issue(example_city.catalog, example_city.snapshot, metric_id, scope=Scope.city())
        passport = issued.passport
        if metric.definition.min_cell or metric.definition.kind in ("quantile", "distribution"):
            continue
        sql = passport.calculation.sql
        columns = [name for name, _ in example_city.snapshot.describe(sql)]
        rows = example_city.snapshot.query(sql)
        for name in (name for name in NAMES if name in columns):
            computed = [row[columns.index(name)] for row in rows]
            shown = [getattr(figure.amount, name) for figure in passport.figures]
            assert [_exact(value) for value in computed] == [_exact(value) for value in shown], metric_id


def _exact(value: object) -> Fraction | None:
    return None if value is None else Fraction(Decimal(str(value)))


def test_the_definitions_of_the_night_stand_in_the_snapshot(example_city: ExampleCity) -> None:
    kept = dict(example_city.snapshot.query("SELECT metric, version FROM meta.definition"))
    catalog = example_city.catalog
    assert kept == {metric_id: catalog.version(metric_id).hash for metric_id in catalog.metrics}
