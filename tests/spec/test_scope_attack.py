"""The head of one unit asks for everything: no figure and no record may depend on what other subtrees did."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from metrics.catalog import House, Metric, load_catalog
from metrics.definition import ORG_COLUMN, ORG_LEVELS
from metrics.query import query
from metrics.records import records
from metrics.result import Cell, MetricResult, Scope
from tests.example_city import ExampleCity
from tests.small_city import ORGANISATION, small_city
from warehouse.errors import AccessError, ConfigError
from warehouse.store import Snapshot
from warehouse.subjects import load_subjects

CASES = Path(__file__).with_name("golden")
SUBJECTS = load_subjects(None)
CATALOG = load_catalog(None)
BY_UNIT = sorted(name for name, item in CATALOG.metrics.items() if item.definition.scope == "organisation")
LISTS = sorted(name for name, item in CATALOG.lists.items() if item.definition.scope == "organisation")
OPEN = [name for name in BY_UNIT if not CATALOG.metrics[name].definition.protect]
WHOLE_CITY = {
    *("ozg_bundle_online_share", "ozg_bundle_rule_share", "org_unit_unknown_share"),
    *("co2_saved_kg", "paper_saved_sheets", "trips_saved_count"),
}
"""One unit's part of a bundle is no bundle; rows of unknown units are nobody's; savings are effects of the
city, measured or reckoned for it as a whole, with no breakdown that leads to units."""
WHOLE_CITY_LISTS = {"bundles", "budget_products", "savings"}
"""The bundles that are counted, and savings by month: as whole as the figures on them. Products: the adopted
budget names them."""
EVER = (date(2021, 1, 1), date(2026, 6, 9))
HEAD = "DEZ4"

Rows = dict[str, list[dict[str, Any]]]


def _below(unit: str) -> set[str]:
    found = {unit}
    for _ in ORGANISATION:
        found |= {row["unit_id"] for row in ORGANISATION if row["parent_id"] in found}
    return found


def _golden(metric_id: str) -> Rows:
    case = tomllib.loads((CASES / f"{metric_id}.toml").read_text(encoding="utf-8"))
    return {name: list(_read(table)) for name, table in case["rows"].items()}


def _read(table: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    names = table["columns"].split()
    for row in table["data"]:
        yield dict(zip(names, (None if value == "-" else value for value in row), strict=True))


def _without_others(rows: Rows, mine: set[str]) -> Rows:
    """The same deliveries with every row of another unit, or of none, taken out."""
    return {
        name: [row for row in items if ORG_COLUMN not in row or row[ORG_COLUMN] in mine]
        for name, items in rows.items()
    }


def _breakdowns(metric: Metric) -> Iterator[tuple[str, ...]]:
    """Nothing, everything a breakdown may name, and every pair of that; the first two also by period."""
    names = (*metric.definition.data_dimensions, *(ORG_LEVELS if metric.definition.by_organisation else ()))
    for chosen in ((), *((name,) for name in names)):
        yield chosen
        yield (*chosen, "period")
    yield from combinations(names, 2)


def _answers(snapshot: Snapshot, metric: Metric, scope: Scope) -> dict[tuple[str, ...], tuple[Cell, ...]]:
    return {
        by: query(CATALOG, snapshot, metric.id, scope=scope, by=by, between=EVER).rows
        for by in _breakdowns(metric)
    }


@pytest.mark.parametrize("metric_id", OPEN)
def test_no_answer_to_a_head_depends_on_rows_of_another_subtree(metric_id: str, tmp_path: Path) -> None:
    rows, metric = _golden(metric_id), CATALOG.metrics[metric_id]
    with_others = small_city(tmp_path, rows)
    values = 0
    for unit in ("D1", "D2"):
        alone = small_city(tmp_path, _without_others(rows, _below(unit)))
        seen = _answers(with_others, metric, Scope.of(unit))
        assert seen == _answers(alone, metric, Scope.of(unit))
        for cell in (cell for cells in seen.values() for cell in cells):
            assert cell.keys.get(ORG_COLUMN) in _below(unit) | {None}
            values += cell.value is not None
    assert values, "a head who never sees anything proves nothing"


def test_the_attack_would_notice_another_subtree(tmp_path: Path) -> None:
    """A question for the whole city does depend on all of its units."""
    rows, metric = _golden("ozg_online_share"), CATALOG.metrics["ozg_online_share"]
    with_others = _answers(small_city(tmp_path, rows), metric, Scope.city())
    alone = _answers(small_city(tmp_path, _without_others(rows, _below("D1"))), metric, Scope.city())
    assert with_others != alone


class Town:
    """The example city as its organisation says it, read without the door."""

    def __init__(self, city: ExampleCity) -> None:
        self.city = city
        parents = dict(city.snapshot.query("SELECT unit_id, parent_id FROM core.org_unit_current"))
        self.units = set(parents)
        self.mine = {HEAD}
        for _ in parents:
            self.mine |= {unit for unit, parent in parents.items() if parent in self.mine}
        self.others = self.units - self.mine

    def ask(self, metric_id: str, **question: Any) -> MetricResult:
        """A question of the head."""
        return self.city.ask(metric_id, scope=Scope.of(HEAD), **question)


@pytest.fixture(scope="module")
def town(example_city: ExampleCity) -> Town:
    found = Town(example_city)
    assert len(found.mine) > 2 and len(found.others) > 5
    return found


@pytest.mark.parametrize("metric_id", BY_UNIT)
@pytest.mark.parametrize("level", [ORG_COLUMN, *ORG_LEVELS])
def test_a_head_who_names_units_of_others_gets_nothing(town: Town, metric_id: str, level: str) -> None:
    try:
        asked = [
            town.ask(metric_id, by=(level,)),
            town.ask(metric_id, where={level: sorted(town.others)}, by=(level,)),
            town.ask(metric_id, where={level: min(town.others)}),
        ]
    except (AccessError, ConfigError) as refused:
        assert refused.code in ("protected", "no_breakdown")
        return
    for cell in asked[0].rows:
        # The own Dezernat above a Fachdienst is no secret; figures in it are those of the own units.
        assert cell.keys[level] in town.mine | {None}
    for result in asked[1:]:
        assert all(cell.value is None and not cell.numerator and not cell.n for cell in result.rows)


@pytest.mark.parametrize("metric_id", BY_UNIT)
@pytest.mark.parametrize("name", ["service_id", "case_id", "measure_id", "project_id", "title", "unit_id"])
def test_what_is_no_dimension_cannot_be_asked_for(town: Town, metric_id: str, name: str) -> None:
    for question in ({"by": (name,)}, {"where": {name: "x"}}):
        with pytest.raises((ConfigError, AccessError)):
            town.ask(metric_id, **question)


@pytest.mark.parametrize("list_id", LISTS)
def test_a_list_shows_a_head_the_records_of_the_own_subtree_and_counts_no_others(
    town: Town, list_id: str
) -> None:
    snapshot, found = town.city.snapshot, CATALOG.lists[list_id]
    every = snapshot.query(f"SELECT {ORG_COLUMN}, count(*) FROM ({found.sql}) GROUP BY ALL")
    shown = records(CATALOG, snapshot, list_id, scope=Scope.of(HEAD), limit=10_000)
    assert shown.total == len(shown.rows) == sum(count for unit, count in every if unit in town.mine)
    units = [number for number, column in enumerate(shown.columns) if column.type == "unit"]
    assert {row[number] for row in shown.rows for number in units} <= town.mine


@pytest.mark.parametrize("list_id", LISTS)
def test_no_filter_and_no_order_of_a_list_reaches_a_record_of_others(town: Town, list_id: str) -> None:
    def ask(**more: Any) -> Any:
        return records(CATALOG, town.city.snapshot, list_id, scope=Scope.of(HEAD), **more)

    for level in (ORG_COLUMN, *ORG_LEVELS):
        assert ask(where={level: sorted(town.others)}).total == 0
    everything = set(ask(limit=10_000).rows)
    for name in CATALOG.lists[list_id].definition.columns:
        for order in (name, f"-{name}"):
            assert set(ask(order=[order], limit=3).rows) <= everything


def test_what_rests_on_units_is_for_units_except_what_is_named_here() -> None:
    """A figure or list „of the city“ is shown to everybody; nothing gets that far by an oversight."""
    by_unit = {name for name, subject in SUBJECTS.items() if ORG_COLUMN in subject.columns}
    house = House.of(SUBJECTS)
    figures = {
        metric.id
        for metric in CATALOG.metrics.values()
        if metric.definition.scope == "city" and metric.subjects & by_unit
    }
    lists = {
        item.id
        for item in CATALOG.lists.values()
        if item.definition.scope == "city" and house.subjects_of(item.depends) & by_unit
    }
    assert (figures, lists) == (WHOLE_CITY, WHOLE_CITY_LISTS)
    assert not {ORG_COLUMN, *ORG_LEVELS} & {
        name for list_id in lists for name in CATALOG.lists[list_id].definition.statement_columns
    }


def test_k3_no_list_shows_records_of_what_protected_tables_are_made_of() -> None:
    """A list of single cases beside a protected table would fill its hidden fields by counting."""
    house = House.of(SUBJECTS)
    protected = {
        name
        for metric in CATALOG.metrics.values()
        if metric.definition.min_cell or metric.definition.least_cases
        for name in metric.subjects - {"org_unit"}
    }
    shown = {item.id: sorted(house.subjects_of(item.depends) & protected) for item in CATALOG.lists.values()}
    assert protected and {name: found for name, found in shown.items() if found} == {}


def test_rows_of_unknown_units_are_counted_for_every_subject_that_names_units() -> None:
    """Only who sees the whole city sees them: the figure that counts them must forget no subject."""
    by_unit = {name for name, subject in SUBJECTS.items() if ORG_COLUMN in subject.columns}
    assert CATALOG.metrics["org_unit_unknown_share"].subjects == by_unit | {"org_unit"}


def test_heads_of_no_unit_see_neither_figures_nor_records(town: Town) -> None:
    snapshot = town.city.snapshot
    for metric_id in OPEN:
        rows = query(CATALOG, snapshot, metric_id, scope=Scope.of()).rows
        assert all(cell.value is None and not cell.numerator for cell in rows)
    for list_id in LISTS:
        assert records(CATALOG, snapshot, list_id, scope=Scope.of()).total == 0
