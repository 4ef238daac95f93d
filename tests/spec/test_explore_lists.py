"""Sums over lists: money of one Haushaltsjahr and one plan adds up, accounts that are kept apart never do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from metrics.catalog import Catalog, load_catalog
from metrics.explore.pivot import pivot
from metrics.explore.question import COUNT, Filter, Measure, Path, PivotQuestion, Top
from metrics.explore.result import Pivot
from metrics.recordlist import RecordDefinition
from metrics.result import Scope
from tests.money_city import money_rows
from tests.small_city import small_city
from warehouse.store import Snapshot

POSITIONS, BOOKINGS = "liste:budget_positions", "liste:bookings"
FRAME, IST, PAID = Measure("frame_eur", "sum"), Measure("ist_eur", "sum"), Measure("amount_eur", "sum")
RECORDS = Measure(COUNT, "count")
YEAR_AND_PLAN = (
    "Eine Summe über mehrere Werte von „Haushaltsjahr“ und „Plan“ ist nicht sinnvoll:"
    " nach „Haushaltsjahr“ und „Plan“ aufgliedern oder filtern."
)
YEAR = YEAR_AND_PLAN.replace(" und „Plan“", "")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Catalog, Snapshot]]:
    catalog = load_catalog(None)
    yield catalog, small_city(tmp_path_factory.mktemp("listen"), money_rows(), catalog=catalog)


@pytest.fixture
def ask(town: tuple[Catalog, Snapshot]) -> Any:
    return lambda question: pivot(*town, question, scope=Scope.city())


def shown(found: Pivot, measure: int = 0) -> dict[Path, list[Any]]:
    """What each row shows, column by column: a number, or why there is none."""
    cells = {
        row.path: [found.cell(row.path, column.path, measure) for column in found.columns]
        for row in found.rows
    }
    return {
        path: [cell.shown if cell.state == "value" else cell.state for cell in row]
        for path, row in cells.items()
    }


def test_budgets_of_several_years_and_plans_have_no_sum_and_say_what_helps(ask: Any) -> None:
    found = ask(PivotQuestion(POSITIONS, (FRAME, RECORDS), ("produkt",)))
    assert shown(found) == {("111240",): ["refused"], ("111250",): [50], (): ["refused"]}
    assert found.cell(("111240",), ()).reason == YEAR_AND_PLAN
    assert found.cell((), ()).value is None
    # Records may be counted all the same.
    assert shown(found, 1)[()] == [found.records] == [5]


def test_inside_one_year_and_plan_budgets_add_up_and_only_totals_that_mix_are_refused(ask: Any) -> None:
    found = ask(PivotQuestion(POSITIONS, (FRAME,), ("haushaltsjahr", "produkt"), ("plan_art",)))
    assert [column.path for column in found.columns] == [("ergebnisplan",), ("finanzplan",), ()]
    told = shown(found)
    assert told[("2026", "111240")] == [1900, 500, "refused"]
    assert told[("2026", "111250")] == [50, "empty", 50]
    assert told[("2026",)] == [1950, 500, "refused"]
    # All of 2025 is one plan: its total mixes nothing.
    assert told[("2025",)] == [900, "empty", 900]
    assert told[()] == ["refused", 500, "refused"]
    assert found.cell((), ("ergebnisplan",)).reason == YEAR


def test_a_filter_to_one_year_and_plan_gives_the_sum_back(ask: Any) -> None:
    plan, year = Filter("plan_art", "in", ("ergebnisplan",)), Filter("haushaltsjahr", "in", ("2026",))
    question = PivotQuestion(POSITIONS, (FRAME,), ("produkt",), filters=(plan, year))
    assert shown(ask(question)) == {("111240",): [1900], ("111250",): [50], (): [1950]}
    both = replace(question, filters=(plan,))
    assert shown(ask(both)) == {("111240",): ["refused"], ("111250",): [50], (): ["refused"]}


def test_a_sum_is_refused_only_where_amounts_of_several_plans_meet_in_it(ask: Any) -> None:
    # The position of the Finanzplan has a frame and no forecast.
    forecast = Measure("forecast_eur", "sum")
    found = ask(PivotQuestion(POSITIONS, (forecast, FRAME), ("position_id",), ("haushaltsjahr",)))
    assert shown(found)[()] == ["empty", 2190, 2190]
    assert shown(found, 1)[()] == [900, "refused", "refused"]


def test_what_was_booked_adds_up_over_the_years_of_one_plan(ask: Any) -> None:
    found = ask(PivotQuestion(BOOKINGS, (PAID,), columns=("haushaltsjahr",)))
    assert shown(found)[()] == [Decimal(1020), Decimal(900), Decimal(1920)]


def test_shares_ranks_and_orders_do_not_tell_a_refused_sum(ask: Any) -> None:
    question = PivotQuestion(POSITIONS, (FRAME,), ("produkt",))
    share = ask(replace(question, show="column_share"))
    assert shown(share) == {("111240",): ["refused"], ("111250",): ["refused"], (): ["refused"]}
    assert share.cell(("111250",), ()).reason == YEAR_AND_PLAN
    for order in ("value", "-value"):
        rows = [row.path for row in ask(replace(question, order=order)).rows]
        assert rows == [("111250",), ("111240",), ()]
    assert [row.path for row in ask(replace(question, top=Top(1))).rows] == [("111250",), ()]


def test_a_balance_that_stands_beside_each_position_of_a_budget_is_no_value_to_add(town: Any) -> None:
    catalog, _ = town
    assert not catalog.record_list("budget_positions").definition.columns["budget_balance_eur"].adds


def test_columns_kept_apart_have_to_be_there_and_not_be_amounts() -> None:
    columns = {"jahr": {"label": "Jahr", "type": "year"}, "betrag": {"label": "Betrag", "type": "eur"}}
    head = {"label": "Liste", "scope": "city", "columns": columns}
    assert RecordDefinition.model_validate({**head, "apart": ["jahr"]}).apart == ("jahr",)
    for name in ("betrag", "gibt_es_nicht"):
        with pytest.raises(ValueError, match=f"apart: „{name}“"):
            RecordDefinition.model_validate({**head, "apart": [name]})
